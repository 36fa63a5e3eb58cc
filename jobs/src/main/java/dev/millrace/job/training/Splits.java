package dev.millrace.job.training;

import dev.millrace.platform.error.ErrorKind;
import dev.millrace.platform.error.MillraceException;
import dev.millrace.platform.table.Columns;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
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
 * Marks rows as {@code train} or {@code test}; rows of neither are dropped. Hashes decide, never {@code rand}: the same
 * row has the same mark however the table is partitioned. Splits by time without a date and stratified ones take one
 * pass of counting before, the others none.
 */
record Splits(String label, long seed) {
    static final String MARK = "_millrace_split";
    static final String TRAIN = "train";
    static final String TEST = "test";
    /** Buckets a hash falls into; a share is exact to this. */
    private static final int BUCKETS = 1_000_000;
    /** Buckets counted per class in a stratified split: few enough to collect. */
    private static final int COUNTED = 4096;

    /** {@code rows} with the column {@link #MARK}. */
    Dataset<Row> marked(Dataset<Row> rows, Split split) {
        Dataset<Row> marked = rows.select(functions.col("*"), mark(rows, split).as(MARK));
        return marked.where(functions.col(MARK).isNotNull());
    }

    private Column mark(Dataset<Row> rows, Split split) {
        if (split instanceof Split.ByColumn by) {
            Column value = Columns.named(by.column()).cast(DataTypes.StringType);
            return functions.when(value.equalTo(by.train()), TRAIN).when(value.equalTo(by.test()), TEST);
        }
        if (split instanceof Split.ByTime by) return byTime(rows, by);
        if (split instanceof Split.ByHash by) return byShare(bucket(by.columns(), "split", BUCKETS), by.testShare());
        if (split instanceof Split.ByGroup by) return byShare(bucket(by.columns(), "split", BUCKETS), by.testShare());
        if (split instanceof Split.Stratified by) return stratified(rows, by);
        if (split instanceof Split.Validation by) {
            boolean grouped = by.of() instanceof Split.ByGroup || by.of() instanceof Split.ByHash;
            List<String> unit = grouped ? by.of().columns() : List.of(rows.columns());
            Column inner = byShare(bucket(unit, "validation", BUCKETS), by.testShare());
            return functions.when(mark(rows, by.of()).equalTo(TRAIN), inner);
        }
        throw new AssertionError(split);
    }

    private static Column byShare(Column bucket, double share) {
        return functions.when(bucket.lt(Math.round(share * BUCKETS)), TEST).otherwise(TRAIN);
    }

    private Column bucket(List<String> columns, String purpose, int buckets) {
        List<Column> hashed = new ArrayList<>();
        columns.forEach(column -> hashed.add(Columns.named(column)));
        hashed.add(functions.lit(purpose));
        hashed.add(functions.lit(seed));
        return functions.pmod(functions.xxhash64(hashed.toArray(Column[]::new)), functions.lit(buckets));
    }

    private static Column byTime(Dataset<Row> rows, Split.ByTime by) {
        Column time = Columns.named(by.column()).cast(DataTypes.TimestampType);
        Cut cut = by.testFrom().map(at -> new Cut(by.trainFrom(), at)).orElseGet(() -> cut(rows, time, by));
        Instant trainTo = by.gap().map(cut.testFrom()::minus).orElse(cut.testFrom());
        Column train = time.lt(functions.lit(trainTo));
        if (cut.trainFrom().isPresent()) {
            train = train.and(time.geq(functions.lit(cut.trainFrom().get())));
        }
        Column test = time.geq(functions.lit(cut.testFrom()));
        if (by.testTo().isPresent())
            test = test.and(time.lt(functions.lit(by.testTo().get())));
        return functions.when(train, TRAIN).when(test, TEST);
    }

    private record Cut(Optional<Instant> trainFrom, Instant testFrom) {}

    /**
     * The full hour from which on the wanted share of rows lies, at least: of all rows, or of those within {@code
     * newest} before the end of the newest hour. Collects a row per hour.
     */
    private static Cut cut(Dataset<Row> rows, Column time, Split.ByTime by) {
        List<Row> hours = rows.where(time.isNotNull())
                .groupBy(functions.date_trunc("hour", time).as("hour"))
                .count()
                .orderBy(functions.col("hour").desc())
                .collectAsList();
        if (hours.isEmpty()) {
            throw new MillraceException(
                    ErrorKind.SCHEMA_MISMATCH,
                    "`split.column` (" + by.column() + ") is NULL in every row, so no row is older than another.");
        }
        Instant end = hours.get(0).getInstant(0).plus(Duration.ofHours(1));
        Optional<Instant> trainFrom = by.newest().map(end::minus).or(by::trainFrom);
        List<Row> wanted = by.newest().isEmpty()
                ? hours
                : hours.stream()
                        .filter(hour -> !hour.getInstant(0).isBefore(trainFrom.orElseThrow()))
                        .toList();
        long all = wanted.stream().mapToLong(row -> row.getLong(1)).sum();
        long newer = 0;
        for (Row hour : wanted) {
            newer += hour.getLong(1);
            if (newer >= by.testShare() * all) return new Cut(trainFrom, hour.getInstant(0));
        }
        throw new AssertionError("The hours together hold all rows");
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
