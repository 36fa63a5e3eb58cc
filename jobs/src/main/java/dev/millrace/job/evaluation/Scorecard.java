package dev.millrace.job.evaluation;

import dev.millrace.engine.measure.BinaryMeasures;
import dev.millrace.engine.measure.Curves;
import dev.millrace.engine.measure.Estimate;
import dev.millrace.engine.measure.MulticlassMeasures;
import dev.millrace.engine.measure.RegressionMeasures;
import dev.millrace.engine.onnx.Target;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * The measures of some rows.
 *
 * @param measures by scikit-learn's names, absent where they are 0/0
 * @param intervals 95 %, of those that have one
 */
record Scorecard(int rows, Map<String, Double> measures, Map<String, Estimate> intervals) {

    static Scorecard of(Judged judged, Target target, double threshold, long seed) {
        if (!(target instanceof Target.Classes classes)) {
            return new Scorecard(
                    judged.rows(),
                    RegressionMeasures.of(judged.scores(), judged.truth()),
                    RegressionMeasures.intervals(judged.scores(), judged.truth(), seed));
        }
        if (!classes.isBinary()) {
            return new Scorecard(
                    judged.rows(), MulticlassMeasures.of(judged.probabilities(), judged.classes()), Map.of());
        }
        double[] scores = judged.scores();
        boolean[] positive = judged.positive();
        Map<String, Double> measures = new LinkedHashMap<>(BinaryMeasures.of(scores, positive));
        Map<String, Estimate> intervals = new LinkedHashMap<>();
        if (measures.containsKey("auc")) {
            intervals.put("average_precision", BinaryMeasures.averagePrecision(scores, positive, seed));
            intervals.put("auc", BinaryMeasures.auc(scores, positive));
        }
        Curves.Confusion cells = Curves.confusion(scores, positive, threshold);
        cells.measures().forEach((name, value) -> measures.put(name, value));
        intervals.putAll(cells.intervals());
        measures.put("positive_share", (double) cells.positives() / judged.rows());
        measures.put("ece", Curves.calibrationError(scores, positive, 10));
        return new Scorecard(judged.rows(), measures, intervals);
    }
}
