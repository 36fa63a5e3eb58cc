package dev.millrace.engine.drift;

import dev.millrace.engine.scan.ColumnBins;
import dev.millrace.engine.scan.Counted;

/**
 * How far a column of a window is from its reference (CONTRACT §7). Every number follows from counts alone. NaN where a
 * measure has no value, as KS for a category.
 *
 * @param ks on the fine bins; its statistic can be short of that of raw rows by {@code errorBound}
 * @param wasserstein on the fine bins, in the column's unit
 * @param pvalue of the tests together: twice the smaller of both for a number (Bonferroni), chi-square's for a category
 * @param effect the measure nearest to its threshold, or furthest above it
 */
public record ColumnDrift(
        double psi,
        double jensenShannon,
        TestResult ks,
        double errorBound,
        double wasserstein,
        TestResult chiSquare,
        double totalVariation,
        double lInfinity,
        double pvalue,
        Effect effect,
        String binning) {
    /** Added to every cell of both sides for PSI, Jensen–Shannon and chi-square. */
    static final double SMOOTHING = 0.5;

    private static final TestResult NONE = new TestResult(Double.NaN, Double.NaN);

    /** @param measure ks, psi or tv */
    public record Effect(String measure, double value, double threshold) {
        /** From 1 on the change is large. */
        public double ratio() {
            return value / threshold;
        }

        static Effect larger(Effect one, Effect other) {
            return other.ratio() > one.ratio() || Double.isNaN(one.ratio()) ? other : one;
        }
    }

    /** Compares the counts of a column in its bins. */
    public static ColumnDrift between(ColumnBins bins, Counted reference, Counted current, Thresholds thresholds) {
        MergedCells cells = MergedCells.of(bins, reference, current);
        double[] smoothReference = Distances.shares(cells.reference(), SMOOTHING);
        double[] smoothCurrent = Distances.shares(cells.current(), SMOOTHING);
        double[] e = Distances.shares(cells.reference(), 0);
        double[] a = Distances.shares(cells.current(), 0);
        TestResult chi = ChiSquare.contingency(cells.reference(), cells.current(), SMOOTHING);
        double psi = Distances.psi(smoothReference, smoothCurrent);
        double tv = Distances.totalVariation(e, a);
        TestResult ks = NONE;
        double errorBound = Double.NaN;
        double wasserstein = Double.NaN;
        if (bins.isNumber()) {
            long[] left = reference.values(bins);
            long[] right = current.values(bins);
            ks = KolmogorovSmirnov.ofBins(left, right);
            errorBound = KolmogorovSmirnov.errorBound(left, right, points(bins));
            wasserstein = Wasserstein.distance(positions(bins, reference), left, positions(bins, current), right);
        }
        Effect effect = bins.isNumber()
                ? new Effect("ks", ks.statistic(), thresholds.ks())
                : new Effect("tv", tv, thresholds.tv());
        if (psiMeansSomething(cells, reference.rows(), current.rows(), thresholds.psi())) {
            effect = Effect.larger(effect, new Effect("psi", psi, thresholds.psi()));
        }
        return new ColumnDrift(
                psi,
                Distances.jensenShannon(smoothReference, smoothCurrent),
                ks,
                errorBound,
                wasserstein,
                chi,
                tv,
                Distances.lInfinity(e, a),
                both(ks.pvalue(), chi.pvalue()),
                effect,
                cells.description() + "; +" + SMOOTHING + " per bin");
    }

    private static double both(double one, double other) {
        if (Double.isNaN(one)) return other;
        return Double.isNaN(other) ? one : Math.min(1, 2 * Math.min(one, other));
    }

    /**
     * PSI of unchanged data is about (1/n + 1/m)·χ² with cells − 1 degrees (Yurdakul and Naranjo 2020); where its 95 %
     * point is not below half the threshold, PSI says more about the sample's size than about drift.
     */
    private static boolean psiMeansSomething(MergedCells cells, long reference, long current, double threshold) {
        if (cells.reference().length < 2 || reference == 0 || current == 0) return false;
        double noise = ChiSquare.critical95(cells.reference().length - 1) * (1.0 / reference + 1.0 / current);
        return noise < threshold / 2;
    }

    private static boolean[] points(ColumnBins bins) {
        boolean[] points = new boolean[bins.valueCells()];
        for (int i = 0; i < points.length; i++) points[i] = bins.isPoint(i);
        return points;
    }

    /** The middle of each bin; the open ends reach to the least and the greatest value. */
    private static double[] positions(ColumnBins bins, Counted counted) {
        double[] positions = new double[bins.valueCells()];
        for (int i = 0; i < positions.length; i++) {
            double low = i == 0 ? counted.min() : bins.edges().get(i - 1);
            double high =
                    i == bins.edges().size() ? counted.max() : bins.edges().get(i);
            positions[i] = bins.isPoint(i) ? low : low / 2 + high / 2;
        }
        return positions;
    }
}
