package dev.millrace.job.ingest;

import dev.millrace.engine.intake.CsvReader;
import dev.millrace.engine.intake.JsonLinesReader;
import dev.millrace.engine.intake.NumberSpelling;
import dev.millrace.engine.intake.TimeSpelling;
import dev.millrace.engine.intake.ValueKind;
import dev.millrace.platform.error.MillraceException;
import java.io.IOException;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.api.java.function.FlatMapFunction;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;
import org.apache.spark.util.SerializableConfiguration;

/**
 * The types of columns from every value of every file, never from a sample: one more pass over text files. Broken
 * records and files count for nothing here; reading them again says what is wrong with them.
 */
final class Inference {
    private Inference() {}

    /** @param kinds by name in the table, in the file's order */
    private record Shape(String path, LinkedHashMap<String, ValueKind> kinds) implements Serializable {
        private static final long serialVersionUID = 1L;
    }

    /** Empty when no file has a readable header. */
    static StructType of(SparkSession spark, List<SourceFile> files, TextSpec spec) {
        return spec.json() ? ofJson(spark, files, spec) : ofCsv(spark, files, spec);
    }

    private static StructType ofCsv(SparkSession spark, List<SourceFile> files, TextSpec spec) {
        JavaSparkContext context = JavaSparkContext.fromSparkContext(spark.sparkContext());
        List<List<SourceFile>> shares = FileShares.of(files, context.defaultParallelism());
        Look look = new Look(spec, new SerializableConfiguration(context.hadoopConfiguration()));
        List<Shape> shapes = new ArrayList<>(
                context.parallelize(shares, shares.size()).mapPartitions(look).collect());
        shapes.sort(Comparator.comparing(Shape::path));
        Map<String, ValueKind> merged = new LinkedHashMap<>();
        for (Shape shape : shapes) shape.kinds().forEach((name, kind) -> merged.merge(name, kind, ValueKind::join));
        List<StructField> fields = new ArrayList<>();
        merged.forEach((name, kind) -> fields.add(DataTypes.createStructField(name, type(kind), true)));
        return new StructType(fields.toArray(StructField[]::new));
    }

    private static DataType type(ValueKind kind) {
        return switch (kind) {
            case BOOLEAN -> DataTypes.BooleanType;
            case LONG -> DataTypes.LongType;
            case DOUBLE -> DataTypes.DoubleType;
            case DATE -> DataTypes.DateType;
            case TIMESTAMP -> DataTypes.TimestampType;
            case NOTHING, TEXT -> DataTypes.StringType;
        };
    }

    private record Look(TextSpec spec, SerializableConfiguration hadoop)
            implements FlatMapFunction<Iterator<List<SourceFile>>, Shape> {
        private static final long serialVersionUID = 1L;

        @Override
        public Iterator<Shape> call(Iterator<List<SourceFile>> shares) {
            List<Shape> shapes = new ArrayList<>();
            TextOpener opener = new TextOpener(spec, hadoop.value());
            while (shares.hasNext()) {
                for (SourceFile file : shares.next()) {
                    try (CsvReader csv = opener.csv(file)) {
                        if (csv.next() && csv.problem().isEmpty()) shapes.add(look(file, csv));
                    } catch (IOException | MillraceException unreadable) {
                        // Parsing the file again refuses it with its reason.
                    }
                }
            }
            return shapes.iterator();
        }

        private Shape look(SourceFile file, CsvReader csv) throws IOException {
            List<String> names = spec.names().of(csv.cells());
            Header.requireDistinct(names, spec);
            ValueKind[] kinds = new ValueKind[names.size()];
            TimeSpelling[] times = new TimeSpelling[names.size()];
            java.util.Arrays.fill(kinds, ValueKind.NOTHING);
            for (int i = 0; i < times.length; i++) times[i] = spec.times(names.get(i));
            NumberSpelling numbers = spec.numbers();
            while (csv.next()) {
                if (csv.problem().isPresent() || csv.cells().size() != kinds.length) continue;
                for (int i = 0; i < kinds.length; i++) {
                    if (kinds[i] == ValueKind.TEXT) continue;
                    String cell = csv.cells().get(i);
                    if (!csv.quoted(i) && spec.nullValues().contains(cell.strip())) continue;
                    kinds[i] = kinds[i].join(ValueKind.of(cell, numbers, times[i]));
                }
            }
            LinkedHashMap<String, ValueKind> byName = new LinkedHashMap<>();
            for (int i = 0; i < kinds.length; i++) byName.put(names.get(i), kinds[i]);
            return new Shape(file.path(), byName);
        }
    }

    /** Spark's own inference over all good records; keys come in alphabetical order. */
    private static StructType ofJson(SparkSession spark, List<SourceFile> files, TextSpec spec) {
        JavaSparkContext context = JavaSparkContext.fromSparkContext(spark.sparkContext());
        List<List<SourceFile>> shares = FileShares.of(files, context.defaultParallelism());
        GoodLines good = new GoodLines(spec, new SerializableConfiguration(context.hadoopConfiguration()));
        StructType schema = spark.read()
                .json(spark.createDataset(
                        context.parallelize(shares, shares.size())
                                .mapPartitions(good)
                                .rdd(),
                        Encoders.STRING()))
                .schema();
        List<StructField> fields = new ArrayList<>();
        for (StructField field : schema.fields()) {
            fields.add(DataTypes.createStructField(spec.names().of(field.name()), field.dataType(), true));
        }
        return new StructType(fields.toArray(StructField[]::new));
    }

    private record GoodLines(TextSpec spec, SerializableConfiguration hadoop)
            implements FlatMapFunction<Iterator<List<SourceFile>>, String> {
        private static final long serialVersionUID = 1L;

        @Override
        public Iterator<String> call(Iterator<List<SourceFile>> shares) {
            TextOpener opener = new TextOpener(spec, hadoop.value());
            List<SourceFile> files = new ArrayList<>();
            shares.forEachRemaining(files::addAll);
            Iterator<SourceFile> left = files.iterator();
            return new Iterator<>() {
                private JsonLinesReader reader;
                private String next;

                @Override
                public boolean hasNext() {
                    while (next == null && (reader != null || left.hasNext())) advance();
                    return next != null;
                }

                private void advance() {
                    try {
                        if (reader == null) reader = opener.json(left.next());
                        if (!reader.next()) {
                            reader.close();
                            reader = null;
                        } else if (reader.problem().isEmpty()) {
                            next = reader.text();
                        }
                    } catch (IOException | MillraceException unreadable) {
                        reader = null; // Parsing the file again refuses it with its reason.
                    }
                }

                @Override
                public String next() {
                    if (!hasNext()) throw new java.util.NoSuchElementException();
                    String text = next;
                    next = null;
                    return text;
                }
            };
        }
    }
}
