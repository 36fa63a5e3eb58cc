package dev.millrace.engine.split;

import dev.millrace.platform.table.Columns;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.functions;
import org.apache.spark.sql.types.DataTypes;

/**
 * Marks rows as {@code train} or {@code test}. Hashes decide, never {@code rand}: the same row has the same mark however
 * the table is partitioned. Splits by time without a date and stratified ones take one pass of counting before, the
 * others none.
 *
 * @param label column of the label, for stratified splits
 */
public record Splits(String label, long seed) {
    public static final String MARK = "_millrace_split";
    public static final String TRAIN = "train";
    public static final String TEST = "test";
    /** Mark of rows for which the expression of a split is NULL: an error, once their number is known. */
    public static final String UNDECIDED = "undecided";

    /** Buckets a hash falls into; a share is exact to this. */
    private static final int BUCKETS = 1_000_000;
    /** Buckets counted per class in a stratified split: few enough to collect. */
    private static final int COUNTED = 4096;

    /**
     * How rows are marked.
     *
     * @param mark of a row: train, test, undecided, or NULL for a row of none
     * @param trainKnown by a split by time: the moment whose labels training rows may have
     * @param testKnown by a validation split by time: the moment whose labels the held-out rows may have
     */
    public record Plan(Column mark, Optional<Instant> trainKnown, Optional<Instant> testKnown) {
        static Plan of(Column mark) {
            return new Plan(mark, Optional.empty(), Optional.empty());
        }
    }

    /** How {@code split} marks {@code rows}; reads them only where the split counts before. */
    public Plan plan(Dataset<Row> rows, Split split) {
        if (split instanceof Split.ByColumn by) {
            Column value = Columns.named(by.column()).cast(DataTypes.StringType);
            return Plan.of(functions.when(value.equalTo(by.train()), TRAIN).when(value.equalTo(by.test()), TEST));
        }
        if (split instanceof Split.ByTime by) return TimeSplit.of(rows, by).plan();
        if (split instanceof Split.ByHash by) return Plan.of(hashed(by.columns(), "split", by.testShare()));
        if (split instanceof Split.ByGroup by) return Plan.of(hashed(by.columns(), "split", by.testShare()));
        if (split instanceof Split.ByExpression by) {
            Column test = SplitExpression.checked(rows, by.test());
            return Plan.of(
                    functions.when(test, TEST).when(functions.not(test), TRAIN).otherwise(UNDECIDED));
        }
        if (split instanceof Split.Stratified by) return Plan.of(stratified(rows, by));
        if (split instanceof Split.Validation by && by.of() instanceof Split.ByTime time) {
            return TimeSplit.of(rows, time).validation(by.testShare()).plan();
        }
        if (split instanceof Split.Validation by) {
            boolean grouped = by.of() instanceof Split.ByGroup || by.of() instanceof Split.ByHash;
            List<String> unit = grouped ? by.of().columns() : own(rows);
            Column outer = plan(rows, by.of()).mark();
            return Plan.of(functions
                    .when(outer.equalTo(TRAIN), hashed(unit, "validation", by.testShare()))
                    .when(outer.equalTo(UNDECIDED), UNDECIDED));
        }
        throw new AssertionError(split);
    }

    /** Columns of the table but the label, in one order; what Millrace added comes and goes. */
    private List<String> own(Dataset<Row> rows) {
        return Arrays.stream(rows.columns())
                .filter(name -> !name.startsWith("_millrace_") && !name.equalsIgnoreCase(label))
                .sorted()
                .toList();
    }

    private Column hashed(List<String> columns, String purpose, double testShare) {
        Column bucket = bucket(columns, purpose, BUCKETS);
        return functions.when(bucket.lt(Math.round(testShare * BUCKETS)), TEST).otherwise(TRAIN);
    }

    private Column bucket(List<String> columns, String purpose, int buckets) {
        List<Column> hashed = new ArrayList<>();
        columns.forEach(column -> hashed.add(Columns.named(column)));
        hashed.add(functions.lit(purpose));
        hashed.add(functions.lit(seed));
        return functions.pmod(functions.xxhash64(hashed.toArray(Column[]::new)), functions.lit(buckets));
    }

    /** Per class the bucket up to which rows test, from one count of classes and buckets. */
    private Column stratified(Dataset<Row> rows, Split.Stratified by) {
        Column bucket = bucket(by.columns(), "split", COUNTED);
        Column value = Columns.named(label).cast(DataTypes.StringType);
        Map<String, TreeMap<Long, Long>> counts = new TreeMap<>();
        for (Row row : rows.where(value.isNotNull())
                .groupBy(value, bucket.cast(DataTypes.LongType))
                .count()
                .collectAsList()) {
            counts.computeIfAbsent(row.getString(0), unseen -> new TreeMap<>()).put(row.getLong(1), row.getLong(2));
        }
        Column isTest = functions.lit(false);
        for (Map.Entry<String, TreeMap<Long, Long>> each : counts.entrySet()) {
            Column within = value.equalTo(each.getKey()).and(bucket.lt(cut(each.getValue(), by.testShare())));
            isTest = isTest.or(within);
        }
        return functions.when(isTest, TEST).when(value.isNotNull(), TRAIN);
    }

    private static long cut(TreeMap<Long, Long> buckets, double share) {
        long all = buckets.values().stream().mapToLong(Long::longValue).sum();
        long wanted = Math.round(all * share);
        long taken = 0;
        for (Map.Entry<Long, Long> bucket : buckets.entrySet()) {
            if (taken >= wanted) return bucket.getKey();
            taken += bucket.getValue();
        }
        return COUNTED;
    }
}
