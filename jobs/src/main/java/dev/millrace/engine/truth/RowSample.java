package dev.millrace.engine.truth;

import dev.millrace.platform.table.Columns;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.function.UnaryOperator;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.catalyst.expressions.GenericRowWithSchema;
import org.apache.spark.sql.functions;
import org.apache.spark.sql.types.StructType;

/**
 * The rows with the smallest hashes: a sample that depends on the rows alone, not on their order or partitions.
 *
 * <p>{@code orderBy(hash).limit(k)} sends up to k rows of every partition to the driver. Here a threshold on the hash,
 * computed from the number of rows, lets about k rows pass in all, before they are scored and before they are sent; rows
 * with one hash, which are equal, are sent once with their number. When duplicates make the rows that pass fewer than k,
 * the threshold is raised and the rows are read again.
 */
public final class RowSample {
    private static final String COPIES = "_millrace_copies";
    private static final String FIRST = "_millrace_first";

    private RowSample() {}

    /**
     * @param hash column of {@code rows}, BIGINT, as {@link RowHash} makes it
     * @param count how many rows there are, or more
     * @param limit how many to take
     * @param step what happens to the rows on executors before they are sent (scoring, for example); keeps {@code hash},
     *     may drop rows and must not add any
     * @return at most {@code limit} rows by rising hash; equal rows as often as they occur
     */
    public static List<Row> collect(
            Dataset<Row> rows, String hash, long count, int limit, UnaryOperator<Dataset<Row>> step) {
        if (limit == 0) return List.of();
        double share = count <= limit ? 1 : (limit + 6 * Math.sqrt(limit) + 64) / count;
        while (true) {
            Dataset<Row> passed =
                    share >= 1 ? rows : rows.where(Columns.named(hash).leq(threshold(share)));
            List<Row> sample = expanded(once(step.apply(passed), hash), hash, limit);
            if (sample.size() == limit || share >= 1) return sample;
            // As much more as is missing; a tenth on top for chance, doubled at least.
            double factor = sample.isEmpty() ? 16 : Math.min(64, Math.max(2, 1.1 * limit / sample.size()));
            share *= factor;
        }
    }

    /**
     * Condition under which a share of the hashes pass, at least {@code limit} of {@code count} with near certainty: the
     * number that pass is binomial with a deviation below √limit, and six of these are added.
     */
    public static Column passes(Column hash, Column count, int limit) {
        double wanted = limit + 6 * Math.sqrt(limit) + 64;
        Column position = hash.cast("double").plus(0x1p63);
        return position.multiply(count).leq(functions.lit(wanted * 0x1p64));
    }

    private static long threshold(double share) {
        return (long) (-0x1p63 + share * 0x1p64); // rounds and saturates, as a cast of Java does
    }

    /** One row per hash, with the number of its copies. */
    private static Dataset<Row> once(Dataset<Row> rows, String hash) {
        Column[] all = Columns.named(List.of(rows.columns()));
        return rows.groupBy(Columns.named(hash))
                .agg(
                        functions.first(functions.struct(all)).as(FIRST),
                        functions.count(functions.lit(1)).as(COPIES))
                .select(functions.col(FIRST + ".*"), functions.col(COPIES));
    }

    private static List<Row> expanded(Dataset<Row> distinct, String hash, int limit) {
        List<Row> collected = new ArrayList<>(distinct.collectAsList());
        if (collected.isEmpty()) return List.of();
        int hashAt = collected.get(0).fieldIndex(hash);
        int copiesAt = collected.get(0).fieldIndex(COPIES);
        collected.sort(Comparator.comparingLong(row -> row.getLong(hashAt)));
        StructType schema = new StructType(Arrays.copyOf(distinct.schema().fields(), copiesAt));
        List<Row> sample = new ArrayList<>();
        for (Row row : collected) {
            Object[] values = new Object[copiesAt];
            for (int i = 0; i < copiesAt; i++) values[i] = row.get(i);
            long copies = Math.min(row.getLong(copiesAt), limit - sample.size());
            sample.addAll(Collections.nCopies((int) copies, new GenericRowWithSchema(values, schema)));
        }
        return sample;
    }
}
