package dev.millrace.engine.scan;

import static org.assertj.core.api.Assertions.assertThat;

import dev.millrace.engine.drift.MergedCells;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.apache.spark.sql.catalyst.expressions.GenericInternalRow;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.Decimal;
import org.apache.spark.sql.types.DecimalType;

class BinCounterPropertyTest {
    private static double[] unboxed(List<Double> values) {
        return values.stream().mapToDouble(Double::doubleValue).toArray();
    }

    @Property(tries = 200)
    void anyOrderAndAnyPartsGiveTheSameResult(
            @ForAll @Size(max = 400) List<@DoubleRange(min = -1e12, max = 1e12) Double> values,
            @ForAll @IntRange(min = 1, max = 5) int parts,
            @ForAll int shuffle)
            throws IOException {
        ColumnBins bins = BinChoice.numbers("x", unboxed(values.subList(0, values.size() / 2)));
        BinCounter.Type type = type(bins);
        BinCounter whole = type.start();
        for (double value : values) whole.add(value);
        List<Double> shuffled = new ArrayList<>(values);
        Collections.shuffle(shuffled, new Random(shuffle));
        List<BinCounter> counters = new ArrayList<>();
        for (int i = 0; i < parts; i++) counters.add(type.start());
        for (int i = 0; i < shuffled.size(); i++) counters.get(i % parts).add(shuffled.get(i));

        BinCounter merged = counters.get(parts - 1);
        for (int i = parts - 2; i >= 0; i--) merged.merge(copied(type, counters.get(i)));

        assertThat(merged.result()).isEqualTo(whole.result());
        assertThat(merged.result().rows()).isEqualTo(values.size());
    }

    private static BinCounter.Type type(ColumnBins bins) {
        return new BinCounter.Type(bins, NumberField.of(0, DataTypes.DoubleType));
    }

    private static BinCounter copied(BinCounter.Type type, BinCounter counter) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        counter.write(new DataOutputStream(bytes));
        return type.read(new DataInputStream(new ByteArrayInputStream(bytes.toByteArray())));
    }

    @Property(tries = 200)
    void binsAreFewAndNoBinOfSeveralValuesHoldsMuch(
            @ForAll @Size(min = 1, max = 2000) List<@IntRange(min = -40, max = 40) Integer> values) {
        double[] sample = values.stream()
                .mapToDouble(value -> value * value * value / 7.0)
                .toArray();
        ColumnBins bins = BinChoice.numbers("x", sample);
        BinCounter counter = type(bins).start();
        for (double value : sample) counter.add(value);
        Counted counted = counter.result();

        assertThat(bins.edges().size()).isLessThanOrEqualTo(BinChoice.BINS + 1);
        assertThat(bins.edges()).isSorted().doesNotHaveDuplicates();
        assertThat(counted.cells().get(0)).isZero();
        assertThat(counted.cells().get(bins.valueCells() - 1)).isZero();
        for (int cell = 0; cell < bins.valueCells(); cell++) {
            if (bins.isPoint(cell)) continue;
            assertThat((double) counted.cells().get(cell)).isLessThanOrEqualTo(2 + sample.length / 40.0);
        }
    }

    @Property(tries = 200)
    void mergedCellsKeepEveryRow(
            @ForAll @Size(min = 1, max = 300) List<@DoubleRange(min = -10, max = 10) Double> before,
            @ForAll @Size(min = 1, max = 300) List<@DoubleRange(min = -30, max = 30) Double> now,
            @ForAll @IntRange(max = 3) int missing) {
        ColumnBins bins = BinChoice.numbers("x", unboxed(before));

        MergedCells cells = MergedCells.of(bins, counted(bins, before, 0), counted(bins, now, missing));

        assertThat(Arrays.stream(cells.reference()).sum()).isEqualTo(before.size());
        assertThat(Arrays.stream(cells.current()).sum()).isEqualTo(now.size() + missing);
        assertThat(cells.reference().length).isLessThanOrEqualTo(13 + (missing > 0 ? 1 : 0));
    }

    @Property(tries = 100)
    void noMergedCellIsEmptyOnBothSides(
            @ForAll @Size(max = 60) List<@IntRange(min = 0, max = 8) Integer> before,
            @ForAll @Size(max = 60) List<@IntRange(min = 0, max = 12) Integer> now) {
        List<Double> left = before.stream().map(Integer::doubleValue).toList();
        List<Double> right = now.stream().map(Integer::doubleValue).toList();
        ColumnBins bins = BinChoice.numbers("x", unboxed(left));

        MergedCells cells = MergedCells.of(bins, counted(bins, left, 0), counted(bins, right, 0));

        for (int i = 0; i < cells.reference().length; i++) {
            assertThat(cells.reference()[i] + cells.current()[i]).isPositive();
        }
    }

    @Example
    void wholeNumbersAndDecimalsAreCountedToTheirLastDigit() {
        ColumnBins bins = BinChoice.numbers("x", new double[] {1e15, 1e16});
        DecimalType wide = DataTypes.createDecimalType(38, 2);
        BinCounter whole = new BinCounter.Type(bins, NumberField.of(0, DataTypes.LongType)).start();
        BinCounter decimal = new BinCounter.Type(bins, NumberField.of(0, wide)).start();
        for (int i = 0; i < 40; i++) {
            BigDecimal exact = new BigDecimal("9007199254740992.01").add(BigDecimal.valueOf(i % 20));
            whole.add(new GenericInternalRow(new Object[] {(1L << 53) + i % 20}));
            decimal.add(new GenericInternalRow(new Object[] {Decimal.apply(exact, 38, 2)}));
        }

        assertThat(whole.result().distinct()).isEqualTo(20);
        assertThat(decimal.result().distinct()).isEqualTo(20);
        assertThat(whole.result().mean()).isEqualTo(new BigDecimal("9007199254741001.5").doubleValue());
        assertThat(decimal.result().mean()).isEqualTo(new BigDecimal("9007199254741001.51").doubleValue());
    }

    private static Counted counted(ColumnBins bins, List<Double> values, int missing) {
        BinCounter counter = type(bins).start();
        for (double value : values) counter.add(value);
        for (int i = 0; i < missing; i++) counter.add(new GenericInternalRow(1));
        return counter.result();
    }
}
