package dev.millrace.engine.drift;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import net.jqwik.api.constraints.LongRange;
import net.jqwik.api.constraints.Size;

class DriftPropertyTest {
    private static long[] longs(List<Long> values) {
        return values.stream().mapToLong(Long::longValue).toArray();
    }

    @Property
    void distancesAreZeroOnEqualSharesSymmetricAndBounded(
            @ForAll @Size(12) List<@LongRange(min = 0, max = 10_000) Long> before,
            @ForAll @Size(12) List<@LongRange(min = 0, max = 10_000) Long> now) {
        double[] e = Distances.shares(longs(before), 0.5);
        double[] a = Distances.shares(longs(now), 0.5);

        assertThat(Distances.psi(e, e)).isZero();
        assertThat(Distances.psi(e, a)).isNotNegative().isCloseTo(Distances.psi(a, e), within(1e-12));
        assertThat(Distances.jensenShannon(e, a)).isBetween(0.0, 1.0);
        assertThat(Distances.totalVariation(e, a)).isBetween(0.0, 1.0);
        assertThat(Distances.lInfinity(e, a)).isLessThanOrEqualTo(2 * Distances.totalVariation(e, a) + 1e-15);
        assertThat(Distances.hellinger(e, a)).isBetween(0.0, 1.0);
    }

    @Property
    void testsGiveProbabilities(
            @ForAll @Size(8) List<@LongRange(min = 0, max = 1_000_000) Long> before,
            @ForAll @Size(8) List<@LongRange(min = 0, max = 1_000_000) Long> now) {
        TestResult chi = ChiSquare.contingency(longs(before), longs(now), 0.5);
        TestResult ks = KolmogorovSmirnov.ofBins(longs(before), longs(now));

        assertThat(chi.pvalue()).isBetween(0.0, 1.0);
        if (!Double.isNaN(ks.statistic())) {
            assertThat(ks.statistic()).isBetween(0.0, 1.0);
            assertThat(ks.pvalue()).isBetween(0.0, 1.0);
        }
    }

    @Property
    void adjustedPvaluesAreNotSmallerAndKeepTheirOrder(
            @ForAll @Size(min = 1, max = 30) List<@DoubleRange(min = 0, max = 1) Double> pvalues) {
        double[] raw = pvalues.stream().mapToDouble(Double::doubleValue).toArray();
        double[] adjusted = FalseDiscovery.adjusted(raw);

        for (int i = 0; i < raw.length; i++) {
            assertThat(adjusted[i]).isBetween(raw[i], 1.0);
            for (int k = 0; k < raw.length; k++) {
                if (raw[i] < raw[k]) assertThat(adjusted[i]).isLessThanOrEqualTo(adjusted[k]);
            }
        }
    }
}
