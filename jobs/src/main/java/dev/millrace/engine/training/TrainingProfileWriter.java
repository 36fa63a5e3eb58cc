package dev.millrace.engine.training;

import dev.millrace.engine.learn.FeaturePlans;
import dev.millrace.engine.model.ModelDirectory;
import dev.millrace.engine.model.ProfileJson;
import dev.millrace.engine.model.ProfileParquet;
import dev.millrace.engine.model.Scoring;
import dev.millrace.engine.model.TrainingProfile;
import dev.millrace.engine.onnx.FeaturePlan;
import dev.millrace.engine.onnx.Target;
import dev.millrace.engine.scan.BinChoice;
import dev.millrace.engine.scan.BinCounting;
import dev.millrace.engine.scan.ColumnBins;
import dev.millrace.engine.truth.JudgedRows;
import dev.millrace.platform.error.ErrorKind;
import dev.millrace.platform.error.MillraceException;
import dev.millrace.platform.table.Columns;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.functions;
import org.apache.spark.sql.types.StructType;

/**
 * Writes what the training rows looked like beside the model (CONTRACT §7, §8): its inputs, its answers to them, and the
 * label. Bins come from the sample; the counts from one pass over the training rows, which also scores them.
 *
 * @param graph the model's ONNX bytes, when it has them
 */
public record TrainingProfileWriter(
        TrainingDeclaration config,
        FittedModel fitted,
        Target target,
        ModelDirectory model,
        Optional<Broadcast<byte[]>> graph) {

    private record Profiled(ColumnBins bins, TrainingProfile.Role role, String type) {}

    /**
     * @param train rows of {@link TrainingRows#train}
     * @param sample of them, with the same schema, in one partition
     */
    public void write(Dataset<Row> train, Dataset<Row> sample) {
        Dataset<Row> answered = answered(sample);
        List<Row> answers = answered.collectAsList();
        List<Profiled> columns = new ArrayList<>();
        for (FeaturePlan.Numeric feature : fitted.plan().numbers()) {
            if (isPrivate(feature.column())) continue;
            columns.add(numbers(feature.column(), TrainingProfile.Role.INPUT, answers, answered.schema()));
        }
        for (FeaturePlan.Categorical feature : fitted.plan().categories()) {
            if (config.privacy().exclude().contains(feature.column())) continue;
            columns.add(categories(feature.column(), TrainingProfile.Role.INPUT, answers, answered.schema()));
        }
        boolean amount = target instanceof Target.Amount;
        for (String output : amount ? List.of(Scoring.PREDICTION) : outputs()) {
            boolean number = amount || output.equals(Scoring.PROBABILITY);
            columns.add(
                    number
                            ? numbers(output, TrainingProfile.Role.OUTPUT, answers, answered.schema())
                            : categories(output, TrainingProfile.Role.OUTPUT, answers, answered.schema()));
        }
        if (!isPrivate(config.label())) {
            columns.add(
                    amount
                            ? numbers(config.label(), TrainingProfile.Role.LABEL, answers, answered.schema())
                            : categories(config.label(), TrainingProfile.Role.LABEL, answers, answered.schema()));
        }
        BinCounting counting =
                new BinCounting(columns.stream().map(Profiled::bins).toList(), config.slices(), Optional.empty());
        TrainingProfile profile = TrainingProfile.of(
                counting.of(answered(train)),
                columns.stream().map(Profiled::role).toList(),
                columns.stream().map(Profiled::type).toList());
        save(profile);
    }

    private List<String> outputs() {
        return ((Target.Classes) target).isBinary()
                ? List.of(Scoring.PREDICTION, Scoring.PROBABILITY)
                : List.of(Scoring.PREDICTION);
    }

    private boolean isPrivate(String column) {
        return config.privacy().exclude().contains(column)
                || config.privacy().hash().contains(column);
    }

    /** Features, slices, the model's answers, and the label by its own name and values. */
    private Dataset<Row> answered(Dataset<Row> rows) {
        List<String> kept = new ArrayList<>(fitted.plan().columns());
        for (String slice : config.slices()) if (!kept.contains(slice)) kept.add(slice);
        kept.add(JudgedRows.TRUTH);
        Dataset<Row> scored = graph.isPresent()
                ? Scoring.byOnnx(rows, kept, model, graph.get())
                : Scoring.bySpark(rows, kept, model, fitted.pipeline());
        List<Column> columns = new ArrayList<>(Arrays.asList(Columns.named(kept.subList(0, kept.size() - 1))));
        columns.add(Columns.named(Scoring.PREDICTION));
        columns.add(Columns.named(Scoring.PROBABILITY));
        if (!kept.contains(config.label())) columns.add(label().as(config.label()));
        return scored.select(columns.toArray(Column[]::new));
    }

    private Column label() {
        Column index = functions.col(JudgedRows.TRUTH);
        if (!(target instanceof Target.Classes classes)) return index;
        Column[] values = classes.values().stream().map(functions::lit).toArray(Column[]::new);
        return functions.element_at(functions.array(values), index.cast("int").plus(1));
    }

    private static Profiled numbers(String column, TrainingProfile.Role role, List<Row> sample, StructType schema) {
        int at = schema.fieldIndex(column);
        double[] values = sample.stream()
                .mapToDouble(row -> FeaturePlans.number(row.get(at)))
                .toArray();
        return new Profiled(
                BinChoice.numbers(column, values),
                role,
                schema.apply(at).dataType().simpleString());
    }

    private Profiled categories(String column, TrainingProfile.Role role, List<Row> sample, StructType schema) {
        int at = schema.fieldIndex(column);
        List<String> values = new ArrayList<>();
        for (Row row : sample) if (!row.isNullAt(at)) values.add(String.valueOf(row.get(at)));
        boolean hashed = config.privacy().hash().contains(column);
        return new Profiled(
                BinChoice.categories(column, values, hashed),
                role,
                schema.apply(at).dataType().simpleString());
    }

    private void save(TrainingProfile profile) {
        model.text(TrainingProfile.JSON, ProfileJson.write(profile));
        try {
            ProfileParquet.write(profile, model.folder().resolve(TrainingProfile.PARQUET));
        } catch (IOException full) {
            throw new MillraceException(
                    ErrorKind.OUTPUT_UNWRITABLE,
                    "Cannot write `" + TrainingProfile.PARQUET + "`: " + full.getMessage(),
                    full);
        }
    }
}
