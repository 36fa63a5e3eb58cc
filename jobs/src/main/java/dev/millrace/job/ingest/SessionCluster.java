package dev.millrace.job.ingest;

import dev.millrace.engine.intake.Cluster;
import dev.millrace.job.JobContext;
import dev.millrace.platform.progress.Progress;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.sql.DataFrameReader;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.types.StructType;

/** The job's session as the readers of files see it. */
record SessionCluster(JobContext ctx) implements Cluster {
    @Override
    public JavaSparkContext context() {
        return JavaSparkContext.fromSparkContext(ctx.spark().sparkContext());
    }

    @Override
    public Dataset<Row> frame(JavaRDD<InternalRow> rows, StructType schema) {
        var session = (org.apache.spark.sql.classic.SparkSession) ctx.spark();
        return session.internalCreateDataFrame(rows.rdd(), schema, false);
    }

    @Override
    public DataFrameReader reader() {
        return ctx.spark().read();
    }

    /** As for Spark's own readers: {@code spark.sql.files.maxPartitionBytes}. */
    @Override
    public long maxSplitBytes() {
        var session = (org.apache.spark.sql.classic.SparkSession) ctx.spark();
        return session.sessionState().conf().filesMaxPartitionBytes();
    }

    @Override
    public Progress progress() {
        return ctx.progress();
    }
}
