package dev.millrace.engine.feature;

import dev.millrace.platform.table.Columns;
import java.math.BigInteger;
import java.util.List;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/**
 * Brings the rows of an entity together, in partitions sized by the data: adaptive execution joins small ones, and
 * where the session's number would make them larger than {@link #PARTITION_BYTES}, there are more.
 */
final class EntityShuffle {
    /** Sorted in memory by a task with the smallest share of a usual executor (1 GiB, four cores, half for execution). */
    static final long PARTITION_BYTES = 128L << 20;

    private static final int MOST = 100_000;

    private EntityShuffle() {}

    static Dataset<Row> of(Dataset<Row> rows, List<String> entity) {
        var execution = ((org.apache.spark.sql.classic.Dataset<Row>) rows).queryExecution();
        int usual = execution.optimizedPlan().conf().numShufflePartitions();
        BigInteger bytes = execution.optimizedPlan().stats().sizeInBytes().bigInteger();
        int needed = bytes.divide(BigInteger.valueOf(PARTITION_BYTES))
                .min(BigInteger.valueOf(MOST))
                .intValue();
        return needed > usual
                ? rows.repartition(needed, Columns.named(entity))
                : rows.repartition(Columns.named(entity));
    }
}
