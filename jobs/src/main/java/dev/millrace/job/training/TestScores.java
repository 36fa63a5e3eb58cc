package dev.millrace.job.training;

import dev.millrace.engine.measure.BinaryMeasures;
import dev.millrace.engine.measure.Estimate;
import dev.millrace.engine.measure.MulticlassMeasures;
import dev.millrace.engine.measure.RegressionMeasures;
import dev.millrace.engine.model.Scoring;
import dev.millrace.engine.onnx.Target;
import dev.millrace.platform.table.Columns;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/**
 * What a model is worth on its test rows. The scores are collected: 8 to 16 bytes a row and at most {@link #LIMIT} rows.
 *
 * @param measures by name, without prefix
 * @param intervals 95 % intervals of some of them
 * @param rows measured on
 */
record TestScores(Map<String, Double> measures, Map<String, Estimate> intervals, long rows) {
    /** More rows would make the intervals no narrower than anyone reads them. */
    static final int LIMIT = 500_000;

    /** @param scored columns {@link TrainingMatrix#LABEL}, {@link TrainingRows#HASH} and those of {@link Scoring} */
    static TestScores of(Dataset<Row> scored, Target target, long seed) {
        if (!(target instanceof Target.Classes classes)) return amounts(scored);
        return classes.isBinary() ? binary(scored, seed) : several(scored);
    }

    private static TestScores binary(Dataset<Row> scored, long seed) {
        List<Row> rows = collect(scored, Scoring.PROBABILITY);
        double[] scores = new double[rows.size()];
        boolean[] positive = new boolean[rows.size()];
        for (int i = 0; i < scores.length; i++) {
            positive[i] = rows.get(i).getDouble(0) == 1.0;
            scores[i] = rows.get(i).getDouble(1);
        }
        Map<String, Double> measures = BinaryMeasures.of(scores, positive);
        Map<String, Estimate> intervals = new LinkedHashMap<>();
        if (measures.containsKey("auc")) {
            intervals.put("average_precision", BinaryMeasures.averagePrecision(scores, positive, seed));
            intervals.put("auc", BinaryMeasures.auc(scores, positive));
        }
        return new TestScores(measures, intervals, scores.length);
    }

    private static TestScores several(Dataset<Row> scored) {
        List<Row> rows = collect(scored, Scoring.PROBABILITIES);
        double[][] probabilities = new double[rows.size()][];
        int[] truth = new int[rows.size()];
        for (int i = 0; i < truth.length; i++) {
            truth[i] = (int) rows.get(i).getDouble(0);
            List<Double> values = rows.get(i).getList(1);
            probabilities[i] = values.stream().mapToDouble(Double::doubleValue).toArray();
        }
        return new TestScores(MulticlassMeasures.of(probabilities, truth), Map.of(), truth.length);
    }

    private static TestScores amounts(Dataset<Row> scored) {
        List<Row> rows = collect(scored, Scoring.PREDICTION);
        double[] predicted = new double[rows.size()];
        double[] truth = new double[rows.size()];
        for (int i = 0; i < truth.length; i++) {
            truth[i] = rows.get(i).getDouble(0);
            predicted[i] = rows.get(i).getDouble(1);
        }
        return new TestScores(RegressionMeasures.of(predicted, truth), Map.of(), truth.length);
    }

    /** In the order of the rows' hashes: sums and the bootstrap must not depend on partitions. */
    private static List<Row> collect(Dataset<Row> scored, String score) {
        List<Row> rows = new ArrayList<>(scored.select(
                        Columns.named(TrainingMatrix.LABEL), Columns.named(score), Columns.named(TrainingRows.HASH))
                .collectAsList());
        rows.sort(Comparator.comparingLong(row -> row.getLong(2)));
        return rows;
    }

    /** For people: {@code 0.7314 (0.7021 to 0.7588)}. */
    Map<String, Object> printed() {
        Map<String, Object> printed = new LinkedHashMap<>();
        measures.forEach((name, value) -> printed.put(
                "test_" + name,
                intervals.containsKey(name)
                        ? intervals.get(name).toString()
                        : String.format(java.util.Locale.ROOT, "%.4f", value)));
        return printed;
    }
}
