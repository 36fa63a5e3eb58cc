package dev.millrace.engine.evaluation;

import dev.millrace.engine.measure.Judged;
import dev.millrace.engine.model.ModelDirectory;
import dev.millrace.engine.model.NativePipeline;
import dev.millrace.engine.model.Scoring;
import dev.millrace.engine.model.Unscorable;
import dev.millrace.engine.onnx.Target;
import dev.millrace.engine.truth.ClassIndex;
import dev.millrace.engine.truth.JudgedRows;
import dev.millrace.engine.truth.KnownLabels;
import dev.millrace.engine.truth.LabelSource;
import dev.millrace.engine.truth.ModelPredictions;
import dev.millrace.engine.truth.RowHash;
import dev.millrace.engine.truth.RowSample;
import dev.millrace.platform.error.ErrorKind;
import dev.millrace.platform.error.MillraceException;
import dev.millrace.platform.table.Columns;
import dev.millrace.platform.table.TableVersion;
import dev.millrace.platform.tracking.ResolvedModel;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.functions;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;

/**
 * The rows to judge: a table scored here, or predictions made before by this version of the model, beside the labels
 * known now. One pass counts the rows with a label, one scores or reads the sample; with a table of labels each joins.
 */
public record JudgedSource(
        EvaluationDeclaration config, Workplace place, ResolvedModel resolved, ModelDirectory model, String label) {
    private static final String LABEL = "_millrace_label";
    private static final String SLICE = "_millrace_slice_";

    /** @throws MillraceException SCHEMA_MISMATCH when there is no row with a label and a prediction */
    public JudgedTable collect() {
        return config.predictions().isPresent() ? predicted() : scored();
    }

    private Target target() {
        return model.info().target();
    }

    private JudgedTable scored() {
        TableVersion table = place.tables().open(config.table().orElseThrow());
        table.require(config.slices());
        Scoring.requireInputs(model.info(), table.schema(), "Table `" + table.name() + "` version " + table.version());
        Labelled labelled = labelled(table, Unscorable.without(table.rows(), model), config.timeColumn(), List.of());
        Column hash = RowHash.of(table.schema());
        List<String> kept = new ArrayList<>(config.slices().stream().distinct().toList());
        kept.add(JudgedRows.TRUTH);
        kept.add(JudgedRows.HASH);
        List<Column> slices = config.slices().stream().map(Columns::named).toList();
        Optional<Broadcast<byte[]>> graph =
                model.hasOnnx() ? Optional.of(place.cluster().broadcast(model.onnx())) : Optional.empty();
        try {
            UnaryOperator<Dataset<Row>> scoring = rows -> graph.isPresent()
                    ? Scoring.byOnnx(rows, kept, model, graph.get())
                    : Scoring.bySpark(
                            rows,
                            kept,
                            model,
                            NativePipeline.load(
                                    model, place.home(), place.cluster().hadoopConfiguration()));
            JudgedTable judged = judged(table.printed(), labelled, hash, scoring, slices);
            if (judged.judged().rows() == 0) throw none(table);
            return judged;
        } finally {
            graph.ifPresent(Broadcast::destroy);
        }
    }

    private JudgedTable predicted() {
        TableVersion table = place.tables().open(config.predictions().orElseThrow());
        String score = JudgedRows.score(target());
        table.require(List.of(score));
        List<String> fromLabels = new ArrayList<>();
        List<Column> slices = new ArrayList<>();
        Optional<TableVersion> labels = config.source()
                .flatMap(LabelSource::table)
                .map(ref -> place.tables().open(ref));
        for (String slice : config.slices()) {
            boolean ofLabels = labels.filter(other -> other.has(slice)).isPresent();
            if (ofLabels) fromLabels.add(slice);
            else table.require(List.of(slice));
            slices.add(Columns.named(ofLabels ? SLICE + slice : slice));
        }
        Optional<String> time =
                table.has(ModelPredictions.EVENT_TIME) ? Optional.of(ModelPredictions.EVENT_TIME) : Optional.empty();
        Labelled labelled = labelled(table, ModelPredictions.of(table, resolved), time, fromLabels);
        // What the same predictions have in common whenever they were made: not the run, nor its time.
        List<String> hashed = new ArrayList<>(config.source().orElseThrow().keys());
        hashed.add(score);
        JudgedTable judged =
                judged(table.printed(), labelled, RowHash.of(table.schema(), hashed), UnaryOperator.identity(), slices);
        if (judged.judged().rows() == 0) throw ModelPredictions.none(table, resolved);
        return judged;
    }

    /** Rows with {@link #LABEL} in this type. */
    private record Labelled(Dataset<Row> rows, DataType type) {}

    private Labelled labelled(TableVersion table, Dataset<Row> rows, Optional<String> time, List<String> alsoOfLabels) {
        if (config.source().isEmpty()) {
            table.require(List.of(label));
            return new Labelled(
                    rows.withColumn(LABEL, Columns.named(label)),
                    table.schema().apply(label).dataType());
        }
        LabelSource source = config.source().get();
        KnownLabels known = new KnownLabels(source, label, time);
        TableVersion holder =
                source.table().map(ref -> place.tables().open(ref)).orElse(table);
        List<String> needed = new ArrayList<>(source.keys());
        needed.add(label);
        source.createdColumn().ifPresent(needed::add);
        holder.require(needed);
        table.require(source.keys());
        table.requireTimes(time.stream().toList());
        DataType type = holder.schema().apply(label).dataType();
        known.requireMissingAs(type);
        Optional<Instant> now = Optional.of(known.horizon(rows, holder.rows(), place.now()));
        if (source.table().isEmpty()) return new Labelled(rows.withColumn(LABEL, known.own(type, now)), type);
        Map<String, String> also = new LinkedHashMap<>();
        alsoOfLabels.forEach(name -> also.put(name, SLICE + name));
        return new Labelled(known.join(rows, holder.rows(), now, LABEL, also), type);
    }

    private JudgedTable judged(
            String owner, Labelled labelled, Column hash, UnaryOperator<Dataset<Row>> scoring, List<Column> slices) {
        Column truth = ClassIndex.of(Columns.named(LABEL), labelled.type(), target());
        Dataset<Row> rows = labelled.rows().withColumn(JudgedRows.TRUTH, truth).withColumn(JudgedRows.HASH, hash);
        Column known = functions.col(JudgedRows.TRUTH).isNotNull();
        Row counts = rows.agg(
                        functions.count_if(known),
                        functions.count_if(
                                functions.not(known).and(functions.col(LABEL).isNotNull())))
                .head();
        List<Column> texts = slices.stream()
                .map(slice -> functions.coalesce(slice.cast(DataTypes.StringType), functions.lit("(null)")))
                .toList();
        List<Row> sample = RowSample.collect(
                rows.where(known),
                JudgedRows.HASH,
                counts.getLong(0),
                JudgedRows.limit(target()),
                passed -> JudgedRows.scored(scoring.apply(passed), target(), named(texts)));
        Judged judged = JudgedRows.judged(sample, target());
        List<String[]> values = new ArrayList<>();
        for (Row row : sample) {
            String[] each = new String[slices.size()];
            for (int i = 0; i < each.length; i++) each[i] = row.getString(3 + i);
            values.add(each);
        }
        return new JudgedTable(owner, judged, values, counts.getLong(1));
    }

    private static List<Column> named(List<Column> texts) {
        List<Column> named = new ArrayList<>();
        for (int i = 0; i < texts.size(); i++) named.add(texts.get(i).as(SLICE + "text_" + i));
        return named;
    }

    private MillraceException none(TableVersion table) {
        List<String> classes = target() instanceof Target.Classes known ? known.values() : List.of();
        return new MillraceException(
                ErrorKind.SCHEMA_MISMATCH,
                "`" + table.name() + "` has no row with a value of `" + label + "` that the model was trained on"
                        + (classes.isEmpty() ? "" : " (" + String.join(", ", classes) + ")")
                        + " and a prediction. Check `label`, `labels` and the table's `where`.");
    }
}
