package dev.millrace.job.ingest;

import dev.millrace.job.JobContext;
import dev.millrace.platform.error.ErrorKind;
import dev.millrace.platform.error.MillraceException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;

/** Makes rows of the files of a batch: text by our own readers, Parquet and ORC by Spark's. */
record BatchReader(IngestConfig config, JobContext ctx, IngestConfig.Format format, Optional<StructType> table) {

    Parsed read(List<SourceFile> files) {
        return format.isText() ? text(files) : columnar(files);
    }

    private Parsed text(List<SourceFile> files) {
        TextSpec spec = TextSpec.of(config, format);
        StructType target = new Target(config, table).columns(() -> {
            ctx.progress()
                    .step("inferring the types of columns from every value of " + files.size()
                            + (files.size() == 1 ? " file" : " files"));
            return Inference.of(ctx.spark(), files, spec);
        });
        if (format == IngestConfig.Format.CSV) requireScalars(target);
        return new Parsed(TextParse.rows(ctx.spark(), files, target, spec), target, true, List.of(), Map.of());
    }

    private static void requireScalars(StructType target) {
        for (StructField field : target.fields()) {
            if (Values.isScalar(field.dataType())) continue;
            throw new MillraceException(
                    ErrorKind.CONFIG,
                    "Column `" + field.name() + "` is " + field.dataType().sql()
                            + ", which a cell of CSV cannot hold. Make it a string, or give JSON lines.");
        }
    }

    private Parsed columnar(List<SourceFile> files) {
        JavaSparkContext context = JavaSparkContext.fromSparkContext(ctx.spark().sparkContext());
        List<ColumnarFiles.Shape> readable = new ArrayList<>();
        List<Parsed.Refusal> refused = new ArrayList<>();
        for (ColumnarFiles.Shape shape : ColumnarFiles.shapes(context, files, format)) {
            if (shape.problem() == null) readable.add(shape);
            else refused.add(new Parsed.Refusal(shape.file().printed(), TakenColumns.WHOLE_FILE, shape.problem()));
        }
        StructType target = new Target(config, table).columns(() -> found(readable));
        warnOfZones(readable);
        Dataset<Row> all = ctx.spark().createDataFrame(List.of(), TakenColumns.marked(target));
        boolean canFail = false;
        Map<String, Long> known = new HashMap<>();
        for (var group : ColumnarFiles.bySchema(readable).entrySet()) {
            ColumnarFit fit = new ColumnarFit(group.getKey(), target, config);
            if (fit.isRefused()) {
                group.getValue()
                        .forEach(shape -> refused.add(new Parsed.Refusal(
                                shape.file().printed(), TakenColumns.WHOLE_FILE_SCHEMA, fit.told())));
                continue;
            }
            Dataset<Row> rows = fit.rows(load(group.getKey(), group.getValue()), format == IngestConfig.Format.PARQUET);
            all = known.isEmpty() ? rows : all.union(rows);
            canFail |= fit.canFail();
            group.getValue().forEach(shape -> known.put(shape.file().printed(), shape.rows()));
        }
        return new Parsed(all, target, canFail, refused, known);
    }

    private Dataset<Row> load(StructType schema, List<ColumnarFiles.Shape> shapes) {
        return ctx.spark()
                .read()
                .format(format.name().toLowerCase(java.util.Locale.ROOT))
                .schema(schema)
                // Names of files may hold what would be a glob; Spark's own option for lists that were expanded before.
                .option("__globPaths__", "false")
                .load(shapes.stream().map(shape -> shape.file().path()).toArray(String[]::new));
    }

    /** What all files together hold; new columns of later files only when they may be added. */
    private StructType found(List<ColumnarFiles.Shape> shapes) {
        StructType all = new StructType();
        for (ColumnarFiles.Shape shape : shapes) {
            StructType renamed = ColumnarFit.renamed(shape.schema(), config);
            if (all.isEmpty()) all = renamed;
            all = ColumnarFit.joined(all, renamed);
            if (config.onNewColumn() != IngestConfig.OnNewColumn.ADD) continue;
            NewNames names = new NewNames(Map.of(), config.ignoreCase());
            for (StructField field : renamed.fields()) {
                if (names.find(List.of(all.fieldNames()), field.name()) < 0) all = all.add(field);
            }
        }
        return all;
    }

    private void warnOfZones(List<ColumnarFiles.Shape> shapes) {
        if (config.timeZone().isPresent()) return;
        boolean zoneless = shapes.stream()
                .flatMap(shape -> java.util.Arrays.stream(shape.schema().fields()))
                .anyMatch(field -> field.dataType().equals(DataTypes.TimestampNTZType));
        if (zoneless) {
            ctx.progress()
                    .warn(
                            "Times without a zone are taken for UTC; say what they are by `time-zone`, e.g. Europe/Berlin");
        }
    }
}
