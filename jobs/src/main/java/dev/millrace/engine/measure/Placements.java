package dev.millrace.engine.measure;

/**
 * For every positive the share of negatives below it, for every negative the share of positives above it (ties half):
 * the parts of DeLong's AUC variance.
 *
 * <p>DeLong, DeLong and Clarke-Pearson, Biometrics 44 (1988); by mid-ranks in O(n log n), Sun and Xu, IEEE Signal
 * Processing Letters 21 (2014).
 */
final class Placements {
    /** In row order, as the other. */
    private final double[] ofPositives;

    private final double[] ofNegatives;

    private Placements(double[] ofPositives, double[] ofNegatives) {
        this.ofPositives = ofPositives;
        this.ofNegatives = ofNegatives;
    }

    double[] ofPositives() {
        return ofPositives;
    }

    double[] ofNegatives() {
        return ofNegatives;
    }

    static Placements of(Ranking ranking) {
        int rows = ranking.order().length;
        int positives = 0;
        for (boolean flag : ranking.positive()) positives += flag ? 1 : 0;
        int negatives = rows - positives;
        double[] byRow = new double[rows];
        double positivesAbove = 0;
        double negativesAbove = 0;
        int from = 0;
        for (int end : ranking.blockEnds()) {
            int ties = 0;
            for (int i = from; i < end; i++) ties += ranking.positive()[ranking.order()[i]] ? 1 : 0;
            int negativeTies = end - from - ties;
            for (int i = from; i < end; i++) {
                int row = ranking.order()[i];
                byRow[row] = ranking.positive()[row]
                        ? (negatives - negativesAbove - negativeTies / 2.0) / negatives
                        : (positivesAbove + ties / 2.0) / positives;
            }
            positivesAbove += ties;
            negativesAbove += negativeTies;
            from = end;
        }
        double[] ofPositives = new double[positives];
        double[] ofNegatives = new double[negatives];
        int nextPositive = 0;
        int nextNegative = 0;
        for (int row = 0; row < rows; row++) {
            if (ranking.positive()[row]) ofPositives[nextPositive++] = byRow[row];
            else ofNegatives[nextNegative++] = byRow[row];
        }
        return new Placements(ofPositives, ofNegatives);
    }

    double auc() {
        return mean(ofPositives);
    }

    /** Of this AUC with another on the same rows; with itself its variance. */
    double covariance(Placements other) {
        return covariance(ofPositives, other.ofPositives) / ofPositives.length
                + covariance(ofNegatives, other.ofNegatives) / ofNegatives.length;
    }

    private static double covariance(double[] left, double[] right) {
        if (left.length < 2) return Double.NaN;
        double meanLeft = mean(left);
        double meanRight = mean(right);
        double sum = 0;
        for (int i = 0; i < left.length; i++) sum += (left[i] - meanLeft) * (right[i] - meanRight);
        return sum / (left.length - 1);
    }

    private static double mean(double[] values) {
        double sum = 0;
        for (double value : values) sum += value;
        return sum / values.length;
    }
}
