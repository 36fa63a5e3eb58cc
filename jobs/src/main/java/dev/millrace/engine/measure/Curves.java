package dev.millrace.engine.measure;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Curves and cells of probabilities of a positive class: what a report draws. */
public final class Curves {
    private static final double Z95 = 1.959963984540054;

    private Curves() {}

    /** @param threshold the score from which on a row is positive */
    public record Point(double threshold, double x, double y) {}

    /**
     * False positive rate against true positive rate at every distinct score, from (0, 0) to (1, 1): scikit-learn's
     * {@code roc_curve(drop_intermediate=False)}. Empty when a class is missing.
     */
    public static List<Point> roc(double[] scores, boolean[] positive) {
        return walk(scores, positive, true);
    }

    /**
     * Recall against precision at every distinct score, by rising recall: scikit-learn's {@code
     * precision_recall_curve} backwards and without its point (0, 1). Empty without positives.
     */
    public static List<Point> precisionRecall(double[] scores, boolean[] positive) {
        return walk(scores, positive, false);
    }

    private static List<Point> walk(double[] scores, boolean[] positive, boolean roc) {
        Ranking ranking = Ranking.of(scores, positive);
        double positives = 0;
        for (boolean flag : positive) if (flag) positives++;
        double negatives = positive.length - positives;
        List<Point> points = new ArrayList<>();
        if (positives == 0 || (roc && negatives == 0)) return points;
        if (roc) points.add(new Point(Double.POSITIVE_INFINITY, 0, 0));
        double hits = 0;
        int from = 0;
        for (int end : ranking.blockEnds()) {
            for (int i = from; i < end; i++) if (positive[ranking.order()[i]]) hits++;
            double score = scores[ranking.order()[from]];
            points.add(
                    roc
                            ? new Point(score, (end - hits) / negatives, hits / positives)
                            : new Point(score, hits / positives, hits / end));
            from = end;
        }
        return points;
    }

    /** At most {@code limit} points, evenly spread, the first and the last among them: enough for a picture. */
    public static List<Point> thinned(List<Point> points, int limit) {
        if (points.size() <= limit) return points;
        List<Point> few = new ArrayList<>();
        for (int i = 0; i < limit; i++) few.add(points.get((int) ((long) i * (points.size() - 1) / (limit - 1))));
        return few;
    }

    /**
     * One bin of a calibration curve.
     *
     * @param predicted mean score
     * @param actual share of positives
     */
    public record CalibrationBin(long rows, double predicted, double actual) {}

    /** Bins of equal width over [0, 1], empty ones left out: scikit-learn's {@code calibration_curve(strategy="uniform")}. */
    public static List<CalibrationBin> calibration(double[] scores, boolean[] positive, int bins) {
        long[] rows = new long[bins];
        double[] sums = new double[bins];
        long[] hits = new long[bins];
        for (int i = 0; i < scores.length; i++) {
            int bin = bin(scores[i], bins);
            rows[bin]++;
            sums[bin] += scores[i];
            if (positive[i]) hits[bin]++;
        }
        List<CalibrationBin> curve = new ArrayList<>();
        for (int i = 0; i < bins; i++) {
            if (rows[i] > 0) curve.add(new CalibrationBin(rows[i], sums[i] / rows[i], (double) hits[i] / rows[i]));
        }
        return curve;
    }

    /** A score on an inner edge belongs to the bin below, as {@code searchsorted(linspace(0, 1, bins + 1)[1:-1])} has it. */
    private static int bin(double score, int bins) {
        int bin = 0;
        while (bin < bins - 1 && score > (bin + 1) * (1.0 / bins)) bin++;
        return bin;
    }

    /** Σ share of the bin · |mean score − share of positives|, the expected calibration error. NaN without rows. */
    public static double calibrationError(double[] scores, boolean[] positive, int bins) {
        double sum = 0;
        for (CalibrationBin bin : calibration(scores, positive, bins)) {
            sum += bin.rows() * Math.abs(bin.predicted() - bin.actual());
        }
        return scores.length == 0 ? Double.NaN : sum / scores.length;
    }

    /** The four cells at a threshold: rows with a score of at least it count as positive. */
    public record Confusion(long truePositives, long falsePositives, long falseNegatives, long trueNegatives) {
        public long positives() {
            return truePositives + falseNegatives;
        }

        private long rows() {
            return positives() + falsePositives + trueNegatives;
        }

        /** {@code accuracy}, {@code precision}, {@code recall}, {@code specificity}, {@code f1}; absent where 0/0. */
        public Map<String, Double> measures() {
            Map<String, Double> measures = new LinkedHashMap<>();
            put(measures, "accuracy", truePositives + trueNegatives, rows());
            put(measures, "precision", truePositives, truePositives + falsePositives);
            put(measures, "recall", truePositives, positives());
            put(measures, "specificity", trueNegatives, trueNegatives + falsePositives);
            put(measures, "f1", 2 * truePositives, 2 * truePositives + falsePositives + falseNegatives);
            return measures;
        }

        private static void put(Map<String, Double> measures, String name, long part, long whole) {
            if (whole > 0) measures.put(name, (double) part / whole);
        }

        /** Wilson's intervals of the shares. */
        public Map<String, Estimate> intervals() {
            Map<String, Estimate> intervals = new LinkedHashMap<>();
            put(intervals, "accuracy", wilson(truePositives + trueNegatives, rows()));
            put(intervals, "precision", wilson(truePositives, truePositives + falsePositives));
            put(intervals, "recall", wilson(truePositives, positives()));
            put(intervals, "specificity", wilson(trueNegatives, trueNegatives + falsePositives));
            return intervals;
        }

        private static void put(Map<String, Estimate> intervals, String name, Estimate interval) {
            if (!Double.isNaN(interval.value())) intervals.put(name, interval);
        }
    }

    public static Confusion confusion(double[] scores, boolean[] positive, double threshold) {
        long[] cells = new long[4];
        for (int i = 0; i < scores.length; i++) cells[(scores[i] >= threshold ? 2 : 0) + (positive[i] ? 1 : 0)]++;
        return new Confusion(cells[3], cells[2], cells[1], cells[0]);
    }

    /** Wilson's score interval (1927) of a share, as statsmodels' {@code proportion_confint(method="wilson")}. */
    public static Estimate wilson(long part, long whole) {
        if (whole == 0) return new Estimate(Double.NaN, Double.NaN, Double.NaN);
        double n = whole;
        double share = part / n;
        double z2 = Z95 * Z95;
        double middle = (share + z2 / (2 * n)) / (1 + z2 / n);
        double half = Z95 / (1 + z2 / n) * Math.sqrt(share * (1 - share) / n + z2 / (4 * n * n));
        return new Estimate(share, Math.max(0, middle - half), Math.min(1, middle + half));
    }
}
