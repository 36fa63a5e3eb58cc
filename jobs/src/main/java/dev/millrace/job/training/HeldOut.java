package dev.millrace.job.training;

import dev.millrace.engine.model.ModelDirectory;
import dev.millrace.engine.model.Scoring;
import dev.millrace.engine.onnx.Target;
import dev.millrace.platform.error.ErrorKind;
import dev.millrace.platform.error.MillraceException;
import dev.millrace.platform.table.Columns;
import dev.millrace.platform.table.TableVersion;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.ml.PipelineModel;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.functions;

/**
 * The test rows of a training, for whoever compares models on them: the same rows for every model, in one order, at most
 * {@link TestScores#LIMIT}.
 */
public final class HeldOut {
    private final Dataset<Row> rows;
    private final Target target;

    private HeldOut(Dataset<Row> rows, Target target) {
        this.rows = rows;
        this.target = target;
    }

    /** The test rows {@code config} would measure on. Reads the label once. */
    public static HeldOut of(TrainConfig config, TableVersion table, long seed) {
        Dataset<Row> marked = new Splits(config.label(), seed).marked(table.rows(), config.split());
        Labels labels = Labels.read(marked, config, "`" + table.printed() + "`");
        Column[] hashable = TrainingRows.hashable(marked);
        List<Column> columns = new ArrayList<>(
                Arrays.asList(Columns.named(List.of(table.schema().fieldNames()))));
        columns.add(labels.index(config.label()).as(TrainingMatrix.LABEL));
        columns.add(functions.xxhash64(hashable).as(TrainingRows.HASH));
        Dataset<Row> test = TrainingRows.test(marked)
                .select(columns.toArray(Column[]::new))
                .where(functions.col(TrainingMatrix.LABEL).isNotNull());
        return new HeldOut(TrainJob.limited(test, labels.testRows()), labels.target());
    }

    public Target target() {
        return target;
    }

    /** What one model says of the rows, beside the truth. */
    public interface Scores {
        int rows();

        /** Probability of the positive class, or the amount. */
        double[] values();

        /** The amount, or 1 for the positive class and 0 for the other. */
        double[] truth();
    }

    /**
     * Scores the rows by ONNX.
     *
     * @param graph the model's bytes, broadcast
     * @throws MillraceException MODEL_UNUSABLE when the model predicts other classes, or wants other columns
     */
    public Scores byOnnx(ModelDirectory model, Broadcast<byte[]> graph) {
        requireSame(model);
        List<String> kept = List.of(TrainingMatrix.LABEL, TrainingRows.HASH);
        return collected(Scoring.byOnnx(rows, kept, model, graph));
    }

    /** Scores the rows by MLlib. */
    public Scores bySpark(ModelDirectory model, PipelineModel pipeline) {
        requireSame(model);
        List<String> kept = List.of(TrainingMatrix.LABEL, TrainingRows.HASH);
        return collected(Scoring.bySpark(rows, kept, model, pipeline));
    }

    private void requireSame(ModelDirectory model) {
        Scoring.requireInputs(model.info(), rows.schema(), "The held-out rows");
        if (model.info().target().equals(target)) return;
        throw new MillraceException(
                ErrorKind.MODEL_UNUSABLE,
                "The model in " + model.folder() + " predicts " + model.info().target() + ", the held-out rows hold "
                        + target + "; they cannot be compared.");
    }

    private Scores collected(Dataset<Row> scored) {
        String score = target instanceof Target.Amount ? Scoring.PREDICTION : Scoring.PROBABILITY;
        List<Row> collected = new ArrayList<>(scored.select(
                        Columns.named(TrainingMatrix.LABEL), Columns.named(score), Columns.named(TrainingRows.HASH))
                .collectAsList());
        collected.sort(Comparator.comparingLong((Row row) -> row.getLong(2)));
        double[] values =
                collected.stream().mapToDouble(row -> row.getDouble(1)).toArray();
        double[] truth = collected.stream().mapToDouble(row -> row.getDouble(0)).toArray();
        return new Collected(values, truth);
    }

    private static final class Collected implements Scores {
        private final double[] values;
        private final double[] truth;

        Collected(double[] values, double[] truth) {
            this.values = values;
            this.truth = truth;
        }

        @Override
        public int rows() {
            return values.length;
        }

        @Override
        public double[] values() {
            return values;
        }

        @Override
        public double[] truth() {
            return truth;
        }
    }
}
