package dev.millrace.engine.training;

import dev.millrace.engine.measure.Judged;
import dev.millrace.engine.model.ModelDirectory;
import dev.millrace.engine.model.Scoring;
import dev.millrace.engine.model.Unscorable;
import dev.millrace.engine.onnx.Target;
import dev.millrace.engine.truth.JudgedRows;
import dev.millrace.engine.truth.RowSample;
import dev.millrace.platform.error.ErrorKind;
import dev.millrace.platform.error.MillraceException;
import dev.millrace.platform.table.TableVersion;
import java.util.List;
import java.util.function.UnaryOperator;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.ml.PipelineModel;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/**
 * The test rows of a training, for whoever compares models on them: the same rows for every model, in one order, at most
 * {@link JudgedRows#limit}.
 */
public final class HeldOut implements AutoCloseable {
    private static final List<String> KEPT = List.of(JudgedRows.TRUTH, JudgedRows.HASH);

    private final MarkedRows marked;
    private final Dataset<Row> rows;
    private final Labels labels;

    private HeldOut(MarkedRows marked, Dataset<Row> rows, Labels labels) {
        this.marked = marked;
        this.rows = rows;
        this.labels = labels;
    }

    /**
     * The test rows {@code config} would measure on, as far as all of these models can score them. Counts the labels
     * once.
     */
    public static HeldOut of(TrainingDeclaration config, Setting setting, List<ModelDirectory> models) {
        TableVersion table = setting.tables().open(config.table());
        MarkedRows marked = MarkedRows.of(config, setting);
        Labels labels = Labels.of(
                marked.counted(config, new FeatureColumns(List.of(), List.of(), List.of())),
                config,
                marked.labelType(),
                "`" + table.printed() + "`");
        List<String> columns = List.of(table.schema().fieldNames());
        Dataset<Row> rows = TrainingRows.test(TrainingRows.prepared(marked, columns, labels, config.label()));
        for (ModelDirectory model : models) {
            Scoring.requireInputs(model.info(), rows.schema(), "The held-out rows");
            rows = Unscorable.without(rows, model);
        }
        return new HeldOut(marked, rows, labels);
    }

    /**
     * Scores the rows by ONNX.
     *
     * @param graph the model's bytes, broadcast
     * @throws MillraceException MODEL_UNUSABLE when the model predicts other classes, or requires other columns
     */
    public Judged byOnnx(ModelDirectory model, Broadcast<byte[]> graph) {
        return judged(model, test -> Scoring.byOnnx(test, KEPT, model, graph));
    }

    /** Scores the rows by MLlib. */
    public Judged bySpark(ModelDirectory model, PipelineModel pipeline) {
        return judged(model, test -> Scoring.bySpark(test, KEPT, model, pipeline));
    }

    private Judged judged(ModelDirectory model, UnaryOperator<Dataset<Row>> scoring) {
        Target target = labels.target();
        if (!model.info().target().equals(target)) {
            throw new MillraceException(
                    ErrorKind.MODEL_UNUSABLE,
                    "The model in " + model.folder() + " predicts "
                            + model.info().target() + ", the labels of the held-out rows are " + target
                            + "; they cannot be compared.");
        }
        return JudgedRows.judged(
                RowSample.collect(
                        rows,
                        JudgedRows.HASH,
                        labels.testRows(),
                        JudgedRows.limit(target),
                        test -> JudgedRows.scored(scoring.apply(test), target, List.of())),
                target);
    }

    @Override
    public void close() {
        marked.close();
    }
}
