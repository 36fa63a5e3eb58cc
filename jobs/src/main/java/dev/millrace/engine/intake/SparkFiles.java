package dev.millrace.engine.intake;

import java.util.List;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.functions;
import org.apache.spark.sql.types.StructType;

/** Files that Spark's own readers load. */
final class SparkFiles {
    private SparkFiles() {}

    static Dataset<Row> load(Cluster cluster, String format, StructType schema, List<SourceFile> files) {
        return cluster.reader()
                .format(format)
                .schema(schema)
                // Names of files may hold what would be a glob; Spark's own option for lists that were expanded before.
                .option("__globPaths__", "false")
                .load(files.stream().map(SourceFile::path).toArray(String[]::new));
    }

    /** Each row's file, as Hadoop prints its path. */
    static Column path() {
        Column path = functions.col("_metadata.file_path");
        return functions.url_decode(functions.replace(path, functions.lit("+"), functions.lit("%2B")));
    }
}
