package dev.millrace.job.ingest;

import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.api.java.function.FlatMapFunction;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.StructType;
import org.apache.spark.util.SerializableConfiguration;

/**
 * Text files to rows, file by file: a file is read by one task, from its beginning, because only so are physical line
 * numbers and quoted line ends known (docs/decisions/0502). One pass; memory: one record per task.
 */
record TextParse(StructType target, TextSpec spec, SerializableConfiguration hadoop)
        implements FlatMapFunction<Iterator<List<SourceFile>>, Row> {
    private static final long serialVersionUID = 1L;

    /** The columns of {@code target}, then the marks. */
    static Dataset<Row> rows(SparkSession spark, List<SourceFile> files, StructType target, TextSpec spec) {
        JavaSparkContext context = JavaSparkContext.fromSparkContext(spark.sparkContext());
        TextParse parse = new TextParse(target, spec, new SerializableConfiguration(context.hadoopConfiguration()));
        var shares = FileShares.of(files, context.defaultParallelism());
        return spark.createDataFrame(
                context.parallelize(shares, shares.size()).mapPartitions(parse), TakenColumns.marked(target));
    }

    @Override
    public Iterator<Row> call(Iterator<List<SourceFile>> shares) {
        TextOpener opener = new TextOpener(spec, hadoop.value());
        return new Iterator<>() {
            private Iterator<SourceFile> files = List.<SourceFile>of().iterator();
            private Iterator<Row> rows = List.<Row>of().iterator();

            @Override
            public boolean hasNext() {
                while (!rows.hasNext()) {
                    if (files.hasNext()) rows = new TextRows(files.next(), target, spec, opener);
                    else if (shares.hasNext()) files = shares.next().iterator();
                    else return false;
                }
                return true;
            }

            @Override
            public Row next() {
                if (!hasNext()) throw new NoSuchElementException();
                return rows.next();
            }
        };
    }
}
