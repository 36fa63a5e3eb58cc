package dev.millrace.engine.intake;

import dev.millrace.platform.progress.Progress;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.sql.DataFrameReader;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.types.StructType;

/** What reading files needs of the running session. */
public interface Cluster {
    JavaSparkContext context();

    /** Rows as Spark holds them inside, made into a dataset without a copy. */
    Dataset<Row> frame(JavaRDD<InternalRow> rows, StructType schema);

    DataFrameReader reader();

    /** The most bytes of a file that one task reads where files can be split. */
    long maxSplitBytes();

    Progress progress();
}
