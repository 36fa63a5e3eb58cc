package dev.millrace.engine.scan;

import java.util.Iterator;
import java.util.List;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.function.FlatMapFunction;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.catalyst.InternalRow;

/**
 * One scan of a table by partition, without a shuffle and without making a {@code Row} per row. The partitions' results
 * come back by partition number and are merged in that order.
 */
public final class OnePass {
    /** More partial results than this are first joined on the executors. */
    private static final int COLLECTED = 256;

    private OnePass() {}

    /** Runs one Spark job. */
    public static byte[] over(Dataset<Row> rows, Summary summary) {
        JavaRDD<byte[]> parts = rows.queryExecution().toRdd().toJavaRDD().mapPartitions(new EachPartition(summary));
        if (parts.getNumPartitions() > COLLECTED) {
            parts = parts.coalesce(COLLECTED).mapPartitions(new Joined(summary));
        }
        List<byte[]> collected = parts.collect();
        byte[] whole = null;
        for (byte[] part : collected) whole = whole == null ? part : summary.merged(whole, part);
        return whole == null ? summary.ofPartition(List.<InternalRow>of().iterator()) : whole;
    }

    private record EachPartition(Summary summary) implements FlatMapFunction<Iterator<InternalRow>, byte[]> {
        @Override
        public Iterator<byte[]> call(Iterator<InternalRow> rows) {
            return List.of(summary.ofPartition(rows)).iterator();
        }
    }

    private record Joined(Summary summary) implements FlatMapFunction<Iterator<byte[]>, byte[]> {
        @Override
        public Iterator<byte[]> call(Iterator<byte[]> parts) {
            byte[] whole = parts.next();
            while (parts.hasNext()) whole = summary.merged(whole, parts.next());
            return List.of(whole).iterator();
        }
    }
}
