package dev.millrace.platform.spark;

import java.io.Serializable;
import java.util.Iterator;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.types.StructType;

/** Rows in Spark's own form, for loops that cannot afford an object for each value. */
public final class InternalRows {
    private InternalRows() {}

    /** What happens to the rows of a partition. A row is valid only until the next is asked for, on both sides. */
    public interface Step extends Serializable {
        Iterator<InternalRow> of(Iterator<InternalRow> rows);
    }

    /**
     * The rows after {@code step}, partition by partition. The plan of {@code rows} is fixed here: shuffles in it run
     * now, the rest when the result is read.
     *
     * @param schema of the rows that {@code step} gives, in Spark's own form (UTF8String, microseconds …)
     */
    public static Dataset<Row> mapped(Dataset<Row> rows, StructType schema, Step step) {
        JavaRDD<InternalRow> mapped = rows.queryExecution().toRdd().toJavaRDD().mapPartitions(step::of);
        return ((org.apache.spark.sql.classic.SparkSession) rows.sparkSession())
                .internalCreateDataFrame(mapped.rdd(), schema, false);
    }
}
