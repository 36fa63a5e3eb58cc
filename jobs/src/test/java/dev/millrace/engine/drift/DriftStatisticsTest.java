package dev.millrace.engine.drift;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.millrace.engine.scan.BinChoice;
import dev.millrace.engine.scan.ColumnBins;
import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;
import org.apache.commons.math3.stat.inference.KolmogorovSmirnovTest;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Oracle: NumPy and SciPy, oracle/drift.py. */
class DriftStatisticsTest {
    private static final Offset<Double> EXACT = within(1e-12);
    private static JsonNode oracle;

    @BeforeAll
    static void readOracle() throws IOException {
        try (InputStream json = DriftStatisticsTest.class.getResourceAsStream("/oracle/drift.json")) {
            oracle = new ObjectMapper().readTree(json);
        }
    }

    private static long[] longs(JsonNode node) {
        long[] values = new long[node.size()];
        for (int i = 0; i < values.length; i++) values[i] = node.get(i).asLong();
        return values;
    }

    private static double[] doubles(JsonNode node) {
        double[] values = new double[node.size()];
        for (int i = 0; i < values.length; i++) values[i] = node.get(i).asDouble();
        return values;
    }

    @Test
    void everyMeasureIsThatOfSciPyOnTheSameCounts() {
        for (JsonNode node : oracle.path("cases")) {
            long[] reference = longs(node.path("reference"));
            long[] current = longs(node.path("current"));
            double add = node.path("add").asDouble();
            double[] e = Distances.shares(reference, add);
            double[] a = Distances.shares(current, add);
            TestResult chi = ChiSquare.contingency(reference, current, add);
            TestResult ks = KolmogorovSmirnov.ofBins(reference, current);
            double[] positions = new double[reference.length];
            for (int i = 0; i < positions.length; i++) positions[i] = Math.pow(i, 1.5);

            assertThat(Distances.psi(e, a)).isCloseTo(node.path("psi").asDouble(), EXACT);
            assertThat(Distances.jensenShannon(e, a)).isCloseTo(node.path("js").asDouble(), EXACT);
            assertThat(Distances.totalVariation(e, a)).isCloseTo(node.path("tv").asDouble(), EXACT);
            assertThat(Distances.lInfinity(e, a)).isCloseTo(node.path("linf").asDouble(), EXACT);
            assertThat(Distances.hellinger(e, a))
                    .isCloseTo(node.path("hellinger").asDouble(), EXACT);
            assertThat(chi.statistic() / node.path("chi2").asDouble()).isCloseTo(1, EXACT);
            assertThat(chi.pvalue()).isCloseTo(node.path("chi2_p").asDouble(), EXACT);
            assertThat(ks.statistic()).isCloseTo(node.path("ks").asDouble(), EXACT);
            assertThat(ks.pvalue()).isCloseTo(node.path("ks_p").asDouble(), EXACT);
            double distance = Wasserstein.distance(positions, reference, positions, current);
            assertThat(distance / node.path("wasserstein").asDouble()).isCloseTo(1, EXACT);
        }
    }

    @Test // monitoring-peers §1.4
    void theTestVectorsOfTheLiteratureHold() {
        long[] reference = {500, 300, 200};
        long[] current = {400, 300, 300};
        double[] e = Distances.shares(reference, 0);
        double[] a = Distances.shares(current, 0);

        assertThat(Distances.psi(e, a)).isCloseTo(0.0628608659, within(1e-10));
        assertThat(ChiSquare.contingency(reference, current, 0).statistic()).isCloseTo(31.1111111111, within(1e-10));
        assertThat(ChiSquare.contingency(reference, current, 0).pvalue()).isCloseTo(1.755125e-7, within(1e-13));
        assertThat(Distances.jensenShannon(e, a)).isCloseTo(0.1061985144, within(1e-10));
        assertThat(Distances.totalVariation(e, a)).isCloseTo(0.1, EXACT);
        assertThat(Distances.lInfinity(e, a)).isCloseTo(0.1, EXACT);
        assertThat(Distances.hellinger(e, a)).isCloseTo(0.0885292620, within(1e-10));
        assertThat(KolmogorovSmirnov.pvalue(0.25, 100, 120)).isCloseTo(0.0017012808, within(1e-10));
        double[] left = range(1, 100);
        double[] right = range(11, 130);
        assertThat(Wasserstein.distance(left, ones(100), right, ones(120))).isCloseTo(20, EXACT);
    }

    private static double[] range(int from, int to) {
        double[] values = new double[to - from + 1];
        for (int i = 0; i < values.length; i++) values[i] = from + i;
        return values;
    }

    private static long[] ones(int count) {
        long[] ones = new long[count];
        Arrays.fill(ones, 1);
        return ones;
    }

    @Test
    void pvaluesAreAdjustedByBenjaminiAndHochberg() {
        double[] adjusted = FalseDiscovery.adjusted(doubles(oracle.path("pvalues")));

        assertThat(adjusted).containsExactly(doubles(oracle.path("adjusted")), EXACT);
        assertThat(FalseDiscovery.adjusted(new double[] {Double.NaN, 0.02, 0.9}))
                .containsExactly(new double[] {Double.NaN, 0.04, 0.9}, EXACT);
    }

    @Test
    void tailsOfTheDistributionsAreThoseOfSciPy() {
        for (JsonNode node : oracle.path("tails")) {
            assertThat(ChiSquare.upperTail(node.get(0).asDouble(), node.get(1).asInt()))
                    .isCloseTo(node.get(2).asDouble(), EXACT);
        }
        for (JsonNode node : oracle.path("kolmogorov")) {
            assertThat(KolmogorovSmirnov.kolmogorov(node.get(0).asDouble()))
                    .isCloseTo(node.get(1).asDouble(), EXACT);
        }
        for (JsonNode node : oracle.path("critical")) {
            double ratio =
                    ChiSquare.critical95(node.get(0).asInt()) / node.get(1).asDouble();
            assertThat(ratio).isCloseTo(1, within(1e-9));
        }
    }

    @Test // oracle: scipy.special.kolmogorov(5); why this one is not commons-math3's
    void smallPvaluesOfKolmogorovAreNotLost() {
        double lost = 1 - new KolmogorovSmirnovTest().ksSum(5, 1e-20, 100_000);

        assertThat(KolmogorovSmirnov.kolmogorov(5) / 3.857499695927835e-22).isCloseTo(1, EXACT);
        assertThat(lost).isZero();
    }

    @Test
    void ksOfBinsIsBelowKsOfRawRowsByAtMostItsErrorBound() {
        double[] reference = doubles(oracle.path("reference"));
        ColumnBins bins = BinChoice.numbers("amount", reference);
        for (JsonNode node : oracle.path("raw")) {
            double[] current = doubles(node.path("current"));
            long[] left = counted(bins, reference);
            long[] right = counted(bins, current);

            double statistic = KolmogorovSmirnov.ofBins(left, right).statistic();

            double bound = KolmogorovSmirnov.errorBound(left, right, points(bins));
            double largestShare = Arrays.stream(left).max().orElseThrow() / (double) reference.length;
            assertThat(bound).isLessThanOrEqualTo(largestShare);
            assertThat(node.path("ks").asDouble()).isBetween(statistic - 1e-12, statistic + bound + 1e-12);
        }
    }

    @Test
    void aColumnOfFewValuesHasExactKs() {
        double[] ages = doubles(oracle.path("ages"));
        ColumnBins bins = BinChoice.numbers("age", ages);
        long[] left = counted(bins, ages);
        long[] right = counted(bins, doubles(oracle.path("older")));

        assertThat(KolmogorovSmirnov.ofBins(left, right).statistic())
                .isCloseTo(oracle.path("ages_ks").asDouble(), EXACT);
        assertThat(Arrays.stream(right).sum()).isEqualTo(1500);
        assertThat(bins.edges().size()).isLessThanOrEqualTo(BinChoice.BINS + 1);
        for (int age = 0; age < 40; age++) assertThat(bins.edges()).contains((double) age);
    }

    private static boolean[] points(ColumnBins bins) {
        boolean[] points = new boolean[bins.valueCells()];
        for (int i = 0; i < points.length; i++) points[i] = bins.isPoint(i);
        return points;
    }

    /** The slow obvious way. */
    private static long[] counted(ColumnBins bins, double[] values) {
        long[] counts = new long[bins.valueCells()];
        for (double value : values) {
            int cell = 0;
            for (double edge : bins.edges()) if (edge <= value) cell++;
            counts[cell]++;
        }
        return counts;
    }

    @Test
    void emptySamplesHaveNoStatistics() {
        long[] none = {0, 0, 0};
        long[] some = {1, 2, 3};

        assertThat(KolmogorovSmirnov.ofBins(some, none).statistic()).isNaN();
        assertThat(ChiSquare.contingency(some, none, 0).pvalue()).isNaN();
        assertThat(Wasserstein.distance(new double[3], some, new double[3], none))
                .isNaN();
        assertThat(Distances.shares(none, 0)).containsOnly(Double.NaN);
    }
}
