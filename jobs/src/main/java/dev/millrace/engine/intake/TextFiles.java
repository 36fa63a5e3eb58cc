package dev.millrace.engine.intake;

import dev.millrace.platform.error.ErrorKind;
import dev.millrace.platform.error.MillraceException;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.function.Function;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.function.FlatMapFunction;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;
import org.apache.spark.util.SerializableConfiguration;

/**
 * Reads text files of any format on a cluster: by parts where the format and the encoding allow it, else file by file.
 * One pass for the rows, one more when types are inferred, and one over the bytes of files that are split. Memory: one
 * record per task.
 */
final class TextFiles {
    private TextFiles() {}

    static Found look(Cluster cluster, List<SourceFile> files, TextFormat format, ReadOptions options) {
        if (format.takesPositions(options)) return new Found(new StructType(), List.of());
        Look look = new Look(format, options, new SerializableConfiguration(hadoop(cluster)));
        TypeBuilder types =
                tasks(cluster, files, format, options).mapPartitions(look).treeReduce(TypeBuilder::merge);
        return new Found(types.schema(), List.of());
    }

    static Parsed read(
            Cluster cluster, List<SourceFile> files, TextFormat format, StructType target, ReadOptions options) {
        for (StructField field : target.fields()) {
            if (format.holds(field.dataType())) continue;
            throw new MillraceException(
                    ErrorKind.CONFIG,
                    "Column `" + field.name() + "` is " + field.dataType().sql()
                            + ", which CSV cannot represent. Declare it as string, or use JSON lines.");
        }
        Parse parse = new Parse(format, target, options, new SerializableConfiguration(hadoop(cluster)));
        JavaRDD<InternalRow> rows = tasks(cluster, files, format, options).mapPartitions(parse);
        return new Parsed(cluster.frame(rows, Marks.behind(target)), target, true, List.of(), Map.of(), 0);
    }

    private static org.apache.hadoop.conf.Configuration hadoop(Cluster cluster) {
        return cluster.context().hadoopConfiguration();
    }

    /** The parts of all files, dealt to tasks of about the same size. */
    private static JavaRDD<List<TextSplit>> tasks(
            Cluster cluster, List<SourceFile> files, TextFormat format, ReadOptions options) {
        List<TextSplit> splits = TextSplits.of(cluster, files, format, options);
        List<List<TextSplit>> shares = FileShares.of(splits, cluster.context().defaultParallelism());
        return cluster.context().parallelize(shares, Math.max(1, shares.size()));
    }

    /** One after the other, each opened when the one before it is read. */
    private static <T> Iterator<T> each(Iterator<List<TextSplit>> shares, Function<TextSplit, Iterator<T>> open) {
        return new Iterator<>() {
            private Iterator<TextSplit> splits = List.<TextSplit>of().iterator();
            private Iterator<T> items = List.<T>of().iterator();

            @Override
            public boolean hasNext() {
                while (!items.hasNext()) {
                    if (splits.hasNext()) items = open.apply(splits.next());
                    else if (shares.hasNext()) splits = shares.next().iterator();
                    else return false;
                }
                return true;
            }

            @Override
            public T next() {
                if (!hasNext()) throw new NoSuchElementException();
                return items.next();
            }
        };
    }

    private record Parse(TextFormat format, StructType target, ReadOptions options, SerializableConfiguration hadoop)
            implements FlatMapFunction<Iterator<List<TextSplit>>, InternalRow> {
        private static final long serialVersionUID = 1L;

        @Override
        public Iterator<InternalRow> call(Iterator<List<TextSplit>> shares) {
            TextOpener opener = new TextOpener(options, hadoop.value());
            return each(shares, split -> new TextRows(split, target, format, opener));
        }
    }

    private record Look(TextFormat format, ReadOptions options, SerializableConfiguration hadoop)
            implements FlatMapFunction<Iterator<List<TextSplit>>, TypeBuilder> {
        private static final long serialVersionUID = 1L;

        @Override
        public Iterator<TypeBuilder> call(Iterator<List<TextSplit>> shares) {
            TextOpener opener = new TextOpener(options, hadoop.value());
            TypeBuilder types = new TypeBuilder(options);
            while (shares.hasNext()) {
                for (TextSplit split : shares.next()) look(split, opener, types);
            }
            return List.of(types).iterator();
        }

        private void look(TextSplit split, TextOpener opener, TypeBuilder types) {
            try (TextReader reader = TextRows.open(split, format, opener).orElse(null)) {
                if (reader == null) return;
                reader.begin(types, split.file().path());
                while (reader.next()) if (reader.problem().isEmpty()) reader.observe(types);
            } catch (java.io.IOException | MillraceException unreadable) {
                // Reading the file for its rows refuses it with its reason.
            }
        }
    }
}
