package dev.millrace.job.evaluation;

import dev.millrace.engine.model.ModelDirectory;
import dev.millrace.engine.model.NativePipeline;
import dev.millrace.engine.model.Scoring;
import dev.millrace.engine.onnx.Target;
import dev.millrace.job.JobContext;
import dev.millrace.platform.error.ErrorKind;
import dev.millrace.platform.error.MillraceException;
import dev.millrace.platform.table.Columns;
import dev.millrace.platform.table.TableVersion;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.functions;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.MapType;
import org.apache.spark.sql.types.StructField;

/**
 * Collects the rows to judge: scored anew, or predictions joined with the labels. One pass over the table; with
 * predictions one join.
 */
record Rows(EvaluateConfig config, JobContext ctx, ModelDirectory model, String label) {
    /** More rows would make the intervals no narrower than anyone reads them. */
    static final int LIMIT = 500_000;

    private static final String TRUTH = "_millrace_truth";
    private static final String HASH = "_millrace_hash";

    /** @throws MillraceException SCHEMA_MISMATCH when there is no row with a label and an answer */
    Judged collect(TableVersion table) {
        List<String> needed = new ArrayList<>(config.keys());
        needed.add(label);
        table.require(needed);
        Optional<Broadcast<byte[]>> graph = config.predictions().isEmpty() && model.hasOnnx()
                ? Optional.of(JavaSparkContext.fromSparkContext(ctx.spark().sparkContext())
                        .broadcast(model.onnx()))
                : Optional.empty();
        try {
            Dataset<Row> answered = config.predictions().isPresent() ? joined(table) : scored(table, graph);
            return judged(chosen(answered).collectAsList());
        } finally {
            graph.ifPresent(Broadcast::destroy);
        }
    }

    private Dataset<Row> scored(TableVersion table, Optional<Broadcast<byte[]>> graph) {
        table.require(config.slices());
        Scoring.requireInputs(model.info(), table.schema(), "Table `" + table.name() + "` version " + table.version());
        List<Column> columns = new ArrayList<>(List.of(functions.col("*"), truth(), hash(table)));
        Dataset<Row> rows = table.rows()
                .select(columns.toArray(Column[]::new))
                .where(functions.col(TRUTH).isNotNull());
        List<String> kept = new ArrayList<>(config.slices().stream().distinct().toList());
        kept.add(TRUTH);
        kept.add(HASH);
        return graph.isPresent()
                ? Scoring.byOnnx(rows, kept, model, graph.get())
                : Scoring.bySpark(
                        rows,
                        kept,
                        model,
                        NativePipeline.load(
                                model, ctx.home(), ctx.spark().sparkContext().hadoopConfiguration()));
    }

    private Column truth() {
        return Columns.named(label).cast(DataTypes.StringType).as(TRUTH);
    }

    private static Column hash(TableVersion table) {
        List<Column> columns = new ArrayList<>();
        for (StructField field : table.schema().fields()) {
            if (!(field.dataType() instanceof MapType)) columns.add(Columns.named(field.name()));
        }
        return functions.xxhash64(columns.toArray(Column[]::new)).as(HASH);
    }

    private Dataset<Row> joined(TableVersion table) {
        TableVersion predictions = ctx.tables().open(config.predictions().orElseThrow());
        List<String> needed = new ArrayList<>(config.keys());
        needed.addAll(List.of(Scoring.PREDICTION, Scoring.PROBABILITY, Scoring.PROBABILITIES));
        predictions.require(needed);
        List<Column> truth = new ArrayList<>(List.of(Columns.named(config.keys())));
        truth.add(truth());
        for (String slice : config.slices()) {
            if (table.has(slice)) truth.add(Columns.named(slice).as("_millrace_slice_" + slice));
        }
        Dataset<Row> both = predictions
                .rows()
                .join(
                        table.rows().select(truth.toArray(Column[]::new)),
                        config.keys().toArray(String[]::new),
                        "inner");
        List<Column> columns = new ArrayList<>();
        for (String slice : config.slices()) {
            if (!table.has(slice)) predictions.require(List.of(slice));
            columns.add(Columns.named(table.has(slice) ? "_millrace_slice_" + slice : slice)
                    .as(slice));
        }
        columns.add(functions.col(TRUTH));
        columns.add(functions.xxhash64(Columns.named(config.keys())).as(HASH));
        for (String answer : List.of(Scoring.PREDICTION, Scoring.PROBABILITY, Scoring.PROBABILITIES)) {
            columns.add(Columns.named(answer));
        }
        return both.where(functions.col(TRUTH).isNotNull()).select(columns.toArray(Column[]::new));
    }

    /** At most {@link #LIMIT} rows, those with the smallest hashes; all columns as texts and doubles. */
    private Dataset<Row> chosen(Dataset<Row> answered) {
        List<Column> columns = new ArrayList<>(List.of(
                functions.col(HASH),
                functions.col(TRUTH),
                Columns.named(Scoring.PREDICTION).cast(DataTypes.StringType),
                Columns.named(Scoring.PROBABILITY),
                Columns.named(Scoring.PROBABILITIES)));
        for (String slice : config.slices()) {
            columns.add(functions.coalesce(Columns.named(slice).cast(DataTypes.StringType), functions.lit("(null)")));
        }
        return answered.select(columns.toArray(Column[]::new))
                .orderBy(functions.col(HASH))
                .limit(LIMIT);
    }

    private Judged judged(List<Row> collected) {
        List<Row> rows = new ArrayList<>(collected);
        rows.sort(Comparator.comparingLong(row -> row.getLong(0)));
        Target target = model.info().target();
        List<String> classes = target instanceof Target.Classes known ? known.values() : List.of();
        boolean several = classes.size() > 2;
        rows.removeIf(row -> !known(row, classes));
        if (rows.isEmpty()) {
            throw new MillraceException(
                    ErrorKind.SCHEMA_MISMATCH,
                    "`" + config.table().table() + "` has no row with a value of `" + label
                            + "` that the model knows"
                            + (classes.isEmpty() ? "" : " (" + String.join(", ", classes) + ")")
                            + " and an answer. Check `label`, `keys` and the table's `where`.");
        }
        double[] scores = new double[several ? 0 : rows.size()];
        double[] truth = new double[rows.size()];
        double[][] probabilities = new double[several ? rows.size() : 0][];
        List<String[]> slices = new ArrayList<>();
        for (int i = 0; i < truth.length; i++) {
            Row row = rows.get(i);
            truth[i] = classes.isEmpty() ? Double.parseDouble(row.getString(1)) : index(row.getString(1), classes);
            if (several) {
                List<Double> values = row.getList(4);
                probabilities[i] =
                        values.stream().mapToDouble(Double::doubleValue).toArray();
            } else {
                scores[i] = classes.isEmpty() ? Double.parseDouble(row.getString(2)) : row.getDouble(3);
            }
            String[] values = new String[config.slices().size()];
            for (int k = 0; k < values.length; k++) values[k] = row.getString(5 + k);
            slices.add(values);
        }
        return new Judged(scores, truth, probabilities, slices);
    }

    private static boolean known(Row row, List<String> classes) {
        if (classes.isEmpty()) return !row.isNullAt(2) && isFinite(row.getString(1)) && isFinite(row.getString(2));
        boolean answered = classes.size() == 2 ? !row.isNullAt(3) : !row.isNullAt(4);
        return answered && index(row.getString(1), classes) >= 0;
    }

    private static boolean isFinite(String text) {
        try {
            return Double.isFinite(Double.parseDouble(text));
        } catch (NumberFormatException words) {
            return false;
        }
    }

    /** By text, or by number: a label that was INT in training may be DOUBLE here. */
    private static int index(String truth, List<String> classes) {
        int at = classes.indexOf(truth);
        if (at >= 0 || !isFinite(truth)) return at;
        for (int i = 0; i < classes.size(); i++) {
            if (isFinite(classes.get(i)) && Double.parseDouble(classes.get(i)) == Double.parseDouble(truth)) return i;
        }
        return -1;
    }
}
