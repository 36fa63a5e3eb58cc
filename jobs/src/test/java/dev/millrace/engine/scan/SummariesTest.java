package dev.millrace.engine.scan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.millrace.engine.numeric.ExactSum;
import java.io.ByteArrayInputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import org.apache.datasketches.hll.HllSketch;
import org.apache.datasketches.hll.TgtHllType;
import org.apache.datasketches.hll.Union;
import org.apache.spark.sql.catalyst.expressions.UnsafeRow;
import org.apache.spark.unsafe.types.UTF8String;
import org.junit.jupiter.api.Test;

class SummariesTest {
    private static double[] numbers(long seed, int count) {
        SplittableRandom random = new SplittableRandom(seed);
        double[] values = new double[count];
        for (int i = 0; i < count; i++) {
            values[i] = Math.scalb(random.nextDouble(-1, 1), random.nextInt(-60, 60));
        }
        return values;
    }

    @Test
    void anExactSumIsRoundedOnce() {
        double[] values = numbers(1, 5000);
        BigDecimal expected = BigDecimal.ZERO;
        ExactSum left = new ExactSum();
        ExactSum right = new ExactSum();
        for (int i = 0; i < values.length; i++) {
            expected = expected.add(new BigDecimal(values[i]));
            (i % 3 == 0 ? left : right).add(values[i]);
        }
        left.merge(right);

        assertThat(left.value()).isEqualTo(expected.doubleValue());
        ExactSum edges = new ExactSum();
        for (double value : new double[] {1e308, 1e308, -1e308, -1e308, Double.MIN_VALUE, 3}) edges.add(value);
        edges.add(-3);
        assertThat(edges.value()).isEqualTo(Double.MIN_VALUE);
        assertThat(new ExactSum().value()).isZero();
    }

    @Test // oracle: numpy.var(values, ddof=1) = 30.0; the textbook sum of squares gives -170.7
    void aLargeOffsetDoesNotDrownTheVariance() {
        Moments moments = new Moments();
        for (double value : new double[] {1e9 + 4, 1e9 + 7, 1e9 + 13, 1e9 + 16}) moments.add(value);

        assertThat(Math.pow(moments.deviation().orElseThrow(), 2)).isCloseTo(30.0, within(1e-6));
    }

    @Test // oracle: scipy.stats.skew and kurtosis of 1, 2, 2, 3, 10
    void skewnessAndKurtosisAreThoseOfThePopulationAlsoAfterAMerge() {
        Moments left = new Moments();
        Moments right = new Moments();
        for (double value : new double[] {1, 2}) left.add(value);
        for (double value : new double[] {2, 3, 10}) right.add(value);
        left.merge(right);

        assertThat(left.skewness().orElseThrow()).isCloseTo(SKEW, within(1e-12));
        assertThat(left.kurtosis().orElseThrow()).isCloseTo(KURTOSIS, within(1e-12));
        assertThat(new Moments().skewness()).isEmpty();
    }

    @Test // oracle: numpy.std(numpy.arange(4000) % 3, ddof=1)
    void aLongRunOfLargeNumbersKeepsItsDeviationInAnyOrder() {
        Moments forward = new Moments();
        Moments left = new Moments();
        Moments right = new Moments();
        for (int i = 0; i < 4000; i++) forward.add(1e15 + i % 3);
        for (int i = 3999; i >= 0; i--) (i % 7 == 0 ? left : right).add(1e15 + i % 3);
        right.merge(left);

        assertThat(forward.deviation().orElseThrow()).isCloseTo(0.8166496596868613, within(1e-15));
        assertThat(right.deviation()).isEqualTo(forward.deviation());
        assertThat(right.mean()).isEqualTo(forward.mean());
        assertThat(right.skewness().orElseThrow()).isCloseTo(forward.skewness().orElseThrow(), within(1e-9));
    }

    @Test
    void momentsOfWholeNumbersBeyondDoublesAreExact() {
        Moments longs = new Moments();
        Moments large = new Moments(3);
        for (int i = 0; i < 600; i++) {
            longs.add(Long.MAX_VALUE - i % 2);
            large.add(BigInteger.TEN.pow(37).negate().add(BigInteger.valueOf(i % 2)));
        }

        Moments merged = new Moments(3);
        merged.add(BigInteger.TEN.pow(37).negate().add(BigInteger.TWO));
        merged.merge(large);

        double half = Math.sqrt(600 * 0.25 / 599);
        assertThat(merged.skewness().orElseThrow()).isCloseTo(0.02916777568533623, within(1e-12)); // scipy.stats.skew
        assertThat(longs.deviation().orElseThrow()).isCloseTo(half, within(1e-15));
        assertThat(longs.kurtosis().orElseThrow()).isCloseTo(-2, within(1e-12));
        assertThat(large.deviation().orElseThrow()).isCloseTo(half / 1000, within(1e-18));
        assertThat(large.mean().orElseThrow()).isEqualTo(-1e34);
    }

    @Test
    void theMeanOfNumbersWhoseSquaresAreNoDoublesIsExact() {
        Moments huge = new Moments();
        for (double value : new double[] {1e160, 3e160}) huge.add(value);
        Moments greatest = new Moments();
        for (double value : new double[] {1e308, -1e308}) greatest.add(value);

        assertThat(huge.mean().orElseThrow()).isEqualTo(2e160);
        assertThat(greatest.mean().orElseThrow()).isZero();
    }

    private static final double SKEW = 1.3608927294433224;
    private static final double KURTOSIS = 0.06803663293572315;

    @Test
    void valueBinsHoldEveryValueInOrder() {
        double[] values = {-1e9, -2.5, -2.5, -0.0, 0, 1, 255, 256, 1e-300, 12.75};
        ValueBins bins = new ValueBins();
        for (double value : values) bins.add(value);

        List<double[]> seen = new ArrayList<>();
        ValueBins.fromBytes(bins.toBytes()).forEach((low, high, count) -> seen.add(new double[] {low, high, count}));

        assertThat(seen.stream().mapToDouble(bin -> bin[2]).sum()).isEqualTo(values.length);
        for (int i = 1; i < seen.size(); i++) assertThat(seen.get(i)[0]).isGreaterThanOrEqualTo(seen.get(i - 1)[1]);
        for (double value : values) {
            assertThat(seen).anySatisfy(bin -> assertThat(
                            value < 0 ? bin[0] < value && value <= bin[1] : bin[0] <= value && value < bin[1])
                    .isTrue());
        }
        assertThat(seen).allSatisfy(bin -> assertThat(bin[1] - bin[0])
                .isLessThanOrEqualTo(Math.max(Double.MIN_NORMAL, Math.abs(bin[0] + bin[1]) / 2 * 0.008)));
    }

    @Test
    void valueBinsGiveTheSameBytesInAnyOrder() {
        double[] values = numbers(2, 4000);
        ValueBins forward = new ValueBins();
        ValueBins first = new ValueBins();
        ValueBins second = new ValueBins();
        for (double value : values) forward.add(value);
        for (int i = values.length - 1; i >= 0; i--) (i % 2 == 0 ? first : second).add(values[i]);
        second.merge(first);

        assertThat(second.toBytes()).isEqualTo(forward.toBytes());
    }

    @Test
    void distinctCountsDoNotDependOnTheOrder() {
        Distinct forward = new Distinct(12);
        Distinct left = new Distinct(12);
        Distinct right = new Distinct(12);
        for (int i = 0; i < 50_000; i++) forward.add((double) i);
        for (int i = 49_999; i >= 0; i--) (i < 30_000 ? left : right).add((double) i);
        left.merge(right);

        assertThat(left.estimate()).isEqualTo(forward.estimate()).isBetween(47_000L, 53_000L);
        assertThat(Distinct.fromBytes(left.toBytes()).estimate()).isEqualTo(left.estimate());
        Distinct few = new Distinct(12);
        few.add(0.0);
        few.add(-0.0);
        few.add(7.0);
        assertThat(few.estimate()).isEqualTo(2);
    }

    @Test // oracle: DataSketches' own union, value by value
    void distinctCountsAreThoseOfDataSketches() {
        SplittableRandom random = new SplittableRandom(11);
        for (int values : new int[] {0, 1, 7, 8, 9, 63, 64, 65, 190, 300, 2_000, 100_000}) {
            for (int lgK : new int[] {11, 12}) {
                Union union = new Union(lgK);
                Distinct[] parts = {new Distinct(lgK), new Distinct(lgK), new Distinct(lgK)};
                for (int i = 0; i < values; i++) {
                    Distinct part = parts[random.nextInt(10) == 0 ? 0 : i < values / 3 ? 1 : 2];
                    long whole = random.nextLong(values);
                    UTF8String text = UTF8String.fromString("t" + whole);
                    BigInteger large = BigInteger.valueOf(whole).pow(5);
                    part.add(whole);
                    part.add(whole / 8.0);
                    part.add(text);
                    part.add(large);
                    union.update(whole);
                    union.update(whole / 8.0);
                    union.update(Distinct.hash(text));
                    union.update(large.toByteArray());
                }
                Distinct merged = Distinct.fromBytes(parts[2].toBytes());
                merged.merge(parts[0]);
                merged.merge(parts[1]);

                assertThat(merged.estimate())
                        .as("%d values, 2^%d registers", values, lgK)
                        .isEqualTo(Math.round(union.getCompositeEstimate()));
                assertThat(registers(merged.toBytes()))
                        .isEqualTo(registers(union.getResult(TgtHllType.HLL_4).toCompactByteArray()));
            }
        }
    }

    private static byte[] registers(byte[] hll) {
        byte[] updatable = HllSketch.heapify(hll).copyAs(TgtHllType.HLL_8).toUpdatableByteArray();
        // Before byte 40 stand estimates that depend on the order; few values stand as they came.
        return updatable.length > 2048 ? Arrays.copyOfRange(updatable, 40, updatable.length) : new byte[0];
    }

    @Test
    void correlationsLeaveOutRowsWithoutBothValues() {
        SplittableRandom random = new SplittableRandom(5);
        Comoments whole = comoments();
        Comoments other = comoments();
        List<double[]> both = new ArrayList<>();
        for (int i = 0; i < 2000; i++) {
            double x = 1e6 + random.nextDouble();
            double y = 2 * x + random.nextDouble();
            double[] row = {i % 7 == 0 && i > 600 ? Double.NaN : x, i % 11 == 0 && i > 600 ? Double.NaN : y};
            if (!Double.isNaN(row[0] + row[1])) both.add(row);
            (i < 700 ? whole : other).add(row);
        }
        whole.merge(other);

        assertThat(whole.correlation(0, 1)).isCloseTo(pearson(both), within(1e-9));
        assertThat(whole.correlation(1, 0)).isEqualTo(whole.correlation(0, 1));
        assertThat(comoments().correlation(0, 1)).isNaN();
    }

    private static Comoments comoments() {
        return new Comoments(
                List.of(new NumberField(0, ColumnKind.NUMBER, 0, 0), new NumberField(1, ColumnKind.NUMBER, 0, 0)));
    }

    private static double pearson(List<double[]> rows) {
        double x = rows.stream().mapToDouble(row -> row[0]).average().orElseThrow();
        double y = rows.stream().mapToDouble(row -> row[1]).average().orElseThrow();
        double xy = 0;
        double xx = 0;
        double yy = 0;
        for (double[] row : rows) {
            xy += (row[0] - x) * (row[1] - y);
            xx += (row[0] - x) * (row[0] - x);
            yy += (row[1] - y) * (row[1] - y);
        }
        return xy / Math.sqrt(xx * yy);
    }

    @Test
    void theSampleIsTheSameInAnyOrderAndKeepsEqualRows() throws IOException {
        BottomRows.Type type = new BottomRows.Type(50, 1 << 20, 1);
        BottomRows forward = new BottomRows(type);
        BottomRows left = new BottomRows(type);
        BottomRows right = new BottomRows(type);
        for (int i = 0; i < 1000; i++) forward.add(row(i));
        for (int i = 999; i >= 0; i--) (i % 3 == 0 ? left : right).add(row(i));
        right.merge(left);

        assertThat(bytes(right)).isEqualTo(bytes(forward));
        assertThat(right.hashes()).hasSize(50).isSorted();
        assertThat(right.held()).isEqualTo(50);
        assertThat(Arrays.stream(right.hashes()).distinct().count()).isEqualTo(25);
    }

    @Test
    void aSampleOfLargeRowsHoldsTheFirstThatFitAndAllHashes() throws IOException {
        BottomRows.Type type = new BottomRows.Type(50, 2000, 1);
        BottomRows forward = new BottomRows(type);
        List<BottomRows> parts = new ArrayList<>();
        for (int i = 0; i < 7; i++) parts.add(new BottomRows(type));
        for (int i = 0; i < 1000; i++) forward.add(row(i));
        for (int i = 999; i >= 0; i--) parts.get(i % 7).add(row(i));
        BottomRows merged = parts.get(6);
        for (int i = 5; i >= 0; i--) merged.merge(read(type, bytes(parts.get(i))));

        assertThat(bytes(merged)).isEqualTo(bytes(forward));
        assertThat(merged.hashes()).hasSize(50);
        assertThat(merged.held()).isBetween(10, 25);
        List<Long> held = new ArrayList<>();
        for (UnsafeRow row : merged.rows(2)) held.add(row.getLong(1));
        assertThat(held)
                .isEqualTo(Arrays.stream(merged.hashes())
                        .limit(merged.held())
                        .boxed()
                        .toList());
    }

    /** Two equal rows of each value: the value and its hash. */
    private static UnsafeRow row(int i) {
        UnsafeRow row = new UnsafeRow(2);
        row.pointTo(new byte[24], 24);
        row.setLong(0, i / 2);
        row.setLong(1, new SplittableRandom(i / 2).nextLong());
        return row;
    }

    private static byte[] bytes(BottomRows rows) {
        return Scan.bytes(rows::write);
    }

    private static BottomRows read(BottomRows.Type type, byte[] bytes) throws IOException {
        return (BottomRows) type.read(new DataInputStream(new ByteArrayInputStream(bytes)));
    }
}
