package dev.millrace.job.evaluation;

import java.util.List;

/**
 * Rows with their score and their truth, in an order of their own, on the driver: 17 to 32 bytes a row.
 *
 * <p>Of two classes {@code scores} are probabilities of the positive one and {@code truth} is 1 or 0; of an amount both
 * are amounts; of more classes {@code scores} is empty, {@code truth} the index of the class and {@code predicted} that
 * of the answer.
 */
final class Judged {
    private final double[] scores;
    private final double[] truth;
    private final double[][] probabilities;
    private final List<String[]> slices;

    /**
     * @param probabilities per row and class, of more than two classes; otherwise empty
     * @param slices per row, the value of each slice column
     */
    Judged(double[] scores, double[] truth, double[][] probabilities, List<String[]> slices) {
        this.scores = scores;
        this.truth = truth;
        this.probabilities = probabilities;
        this.slices = List.copyOf(slices);
    }

    int rows() {
        return truth.length;
    }

    double[] scores() {
        return scores;
    }

    double[] truth() {
        return truth;
    }

    double[][] probabilities() {
        return probabilities;
    }

    boolean[] positive() {
        boolean[] positive = new boolean[truth.length];
        for (int i = 0; i < positive.length; i++) positive[i] = truth[i] == 1;
        return positive;
    }

    int[] classes() {
        int[] classes = new int[truth.length];
        for (int i = 0; i < classes.length; i++) classes[i] = (int) truth[i];
        return classes;
    }

    /** The values of a slice column, in order. */
    List<String> valuesOf(int slice) {
        return slices.stream().map(values -> values[slice]).distinct().sorted().toList();
    }

    /** The rows with this value of a slice column. */
    Judged only(int slice, String value) {
        int[] kept = java.util.stream.IntStream.range(0, rows())
                .filter(i -> slices.get(i)[slice].equals(value))
                .toArray();
        double[] keptScores = new double[scores.length == 0 ? 0 : kept.length];
        double[] keptTruth = new double[kept.length];
        double[][] keptProbabilities = new double[probabilities.length == 0 ? 0 : kept.length][];
        for (int i = 0; i < kept.length; i++) {
            if (scores.length > 0) keptScores[i] = scores[kept[i]];
            keptTruth[i] = truth[kept[i]];
            if (probabilities.length > 0) keptProbabilities[i] = probabilities[kept[i]];
        }
        return new Judged(keptScores, keptTruth, keptProbabilities, List.of());
    }
}
