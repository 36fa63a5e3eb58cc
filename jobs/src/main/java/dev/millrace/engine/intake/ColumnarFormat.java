package dev.millrace.engine.intake;

import java.io.IOException;
import java.io.Serializable;
import java.util.List;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.functions;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;

/**
 * A format of files that bring their columns and types in a footer. What is common to them (comparing schemas, casts,
 * rules of times, damaged files) is done by {@link ColumnarFiles} and {@link ColumnarFit}.
 */
interface ColumnarFormat extends SourceFormat, Serializable {
    /** As users know it: "Parquet". */
    String label();

    /** What the footer says; run on executors. */
    FileShape shape(SourceFile file, ReadOptions options, Configuration hadoop) throws IOException;

    /**
     * The rows of files.
     *
     * @param file the column that holds each row's file, as Hadoop prints its path
     * @param line the column that numbers the rows of a file, from 1; NULL where nothing does
     * @param finer the columns of each row that hold a time finer than a microsecond, as text; NULL for none
     */
    record Loaded(Dataset<Row> rows, Column file, Column line, Column finer) {
        /** Rows without finer times, or none that {@link FileShape} does not know. */
        static Loaded exact(Dataset<Row> rows, Column file, Column line) {
            return new Loaded(rows, file, line, functions.lit(null).cast(DataTypes.StringType));
        }
    }

    /**
     * Loads files of one schema.
     *
     * @param schema the columns of them that can be read
     * @param way as {@link FileShape#way} says
     */
    Loaded load(Cluster cluster, StructType schema, String way, List<SourceFile> files);

    @Override
    default Found look(Cluster cluster, List<SourceFile> files, ReadOptions options) {
        return ColumnarFiles.look(cluster, files, this, options);
    }

    @Override
    default Parsed read(Cluster cluster, List<SourceFile> files, StructType target, ReadOptions options) {
        return ColumnarFiles.read(cluster, files, this, target, options);
    }

    @Override
    default boolean takesEmptyFiles() {
        return false;
    }
}
