package dev.millrace.engine.measure;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Measures of more than two classes. */
public final class MulticlassMeasures {
    /** The measures there are; one that cannot be had of some rows is left out. */
    public static final List<String> NAMES = List.of("accuracy", "f1_macro", "log_loss");

    private static final double LEAST = Math.ulp(1.0);

    private MulticlassMeasures() {}

    /**
     * {@code accuracy}, {@code f1_macro} (mean over the classes that occur or are predicted) and {@code log_loss}, as
     * scikit-learn's.
     *
     * @param probabilities rows of one probability per class
     * @param truth index of the class
     */
    public static Map<String, Double> of(double[][] probabilities, int[] truth) {
        int classes = probabilities.length == 0 ? 0 : probabilities[0].length;
        long[] hits = new long[classes];
        long[] predicted = new long[classes];
        long[] actual = new long[classes];
        double loss = 0;
        long right = 0;
        for (int i = 0; i < truth.length; i++) {
            int best = 0;
            for (int k = 1; k < classes; k++) if (probabilities[i][k] > probabilities[i][best]) best = k;
            predicted[best]++;
            actual[truth[i]]++;
            if (best == truth[i]) {
                hits[best]++;
                right++;
            }
            loss -= Math.log(Math.max(LEAST, Math.min(1 - LEAST, probabilities[i][truth[i]])));
        }
        double sum = 0;
        int counted = 0;
        for (int k = 0; k < classes; k++) {
            long cells = predicted[k] + actual[k];
            if (cells == 0) continue;
            sum += 2.0 * hits[k] / cells;
            counted++;
        }
        Map<String, Double> measures = new LinkedHashMap<>();
        measures.put("accuracy", (double) right / truth.length);
        if (counted > 0) measures.put("f1_macro", sum / counted);
        measures.put("log_loss", loss / truth.length);
        return measures;
    }
}
