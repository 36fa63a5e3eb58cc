package dev.millrace.engine.measure;

import java.util.Arrays;

/** Predictions beside the truth, row by row, in an order of their own. The arrays are not copied: do not change them. */
public sealed interface Judged {
    int rows();

    /** The rows at these positions, in this order. */
    Judged only(int[] rows);

    /** Of two classes. */
    final class Binary implements Judged {
        private final double[] scores;
        private final boolean[] positive;

        /** @param scores probability of the positive class */
        public Binary(double[] scores, boolean[] positive) {
            this.scores = scores;
            this.positive = positive;
        }

        public double[] scores() {
            return scores;
        }

        public boolean[] positive() {
            return positive;
        }

        @Override
        public int rows() {
            return scores.length;
        }

        @Override
        public Binary only(int[] rows) {
            boolean[] kept = new boolean[rows.length];
            for (int i = 0; i < rows.length; i++) kept[i] = positive[rows[i]];
            return new Binary(picked(scores, rows), kept);
        }
    }

    /** Of more classes. */
    final class Several implements Judged {
        private final double[][] probabilities;
        private final int[] truth;

        /**
         * @param probabilities per row, one of each class
         * @param truth index of the class
         */
        public Several(double[][] probabilities, int[] truth) {
            this.probabilities = probabilities;
            this.truth = truth;
        }

        public double[][] probabilities() {
            return probabilities;
        }

        public int[] truth() {
            return truth;
        }

        @Override
        public int rows() {
            return truth.length;
        }

        @Override
        public Several only(int[] rows) {
            double[][] kept = new double[rows.length][];
            for (int i = 0; i < rows.length; i++) kept[i] = probabilities[rows[i]];
            return new Several(kept, Arrays.stream(rows).map(row -> truth[row]).toArray());
        }
    }

    /** Of amounts. */
    final class Amounts implements Judged {
        private final double[] predicted;
        private final double[] truth;

        public Amounts(double[] predicted, double[] truth) {
            this.predicted = predicted;
            this.truth = truth;
        }

        public double[] predicted() {
            return predicted;
        }

        public double[] truth() {
            return truth;
        }

        @Override
        public int rows() {
            return truth.length;
        }

        @Override
        public Amounts only(int[] rows) {
            return new Amounts(picked(predicted, rows), picked(truth, rows));
        }
    }

    private static double[] picked(double[] values, int[] rows) {
        double[] kept = new double[rows.length];
        for (int i = 0; i < rows.length; i++) kept[i] = values[rows[i]];
        return kept;
    }
}
