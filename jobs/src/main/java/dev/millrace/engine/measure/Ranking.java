package dev.millrace.engine.measure;

/**
 * Rows ordered by falling score, with equal scores in one block: what AP and AUC are read from, also with weights.
 */
final class Ranking {
    /** Row indices by falling score. */
    private final int[] order;
    /** For each distinct score, one past its last place in {@code order}. */
    private final int[] blockEnds;
    /** Of each row. */
    private final boolean[] positive;

    private Ranking(int[] order, int[] blockEnds, boolean[] positive) {
        this.order = order;
        this.blockEnds = blockEnds;
        this.positive = positive;
    }

    int[] order() {
        return order;
    }

    int[] blockEnds() {
        return blockEnds;
    }

    boolean[] positive() {
        return positive;
    }

    /** O(n log n). */
    static Ranking of(double[] scores, boolean[] positive) {
        Integer[] boxed = new Integer[scores.length];
        for (int i = 0; i < scores.length; i++) boxed[i] = i;
        java.util.Arrays.parallelSort(boxed, (left, right) -> {
            int byScore = Double.compare(scores[right], scores[left]);
            return byScore != 0 ? byScore : Integer.compare(left, right);
        });
        int[] order = new int[scores.length];
        int blocks = 0;
        for (int i = 0; i < order.length; i++) {
            order[i] = boxed[i];
            if (i == 0 || scores[boxed[i]] != scores[boxed[i - 1]]) blocks++;
        }
        int[] ends = new int[blocks];
        int block = 0;
        for (int i = 1; i <= order.length; i++) {
            if (i == order.length || scores[order[i]] != scores[order[i - 1]]) ends[block++] = i;
        }
        return new Ranking(order, ends, positive);
    }

    /**
     * Σ (recallₖ − recallₖ₋₁) · precisionₖ over the distinct scores, as scikit-learn's {@code
     * average_precision_score}. NaN without positives.
     *
     * @param weights of the rows; null = 1 each
     */
    double averagePrecision(int[] weights) {
        double positives = 0;
        for (int row = 0; row < positive.length; row++) {
            if (positive[row]) positives += weights == null ? 1 : weights[row];
        }
        double hits = 0;
        double seen = 0;
        double sum = 0;
        int from = 0;
        for (int end : blockEnds) {
            double before = hits;
            for (int i = from; i < end; i++) {
                int row = order[i];
                double weight = weights == null ? 1 : weights[row];
                seen += weight;
                if (positive[row]) hits += weight;
            }
            if (hits > before) sum += (hits - before) * (hits / seen);
            from = end;
        }
        return positives == 0 ? Double.NaN : sum / positives;
    }
}
