package dev.millrace.engine.drift;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.millrace.engine.scan.BinChoice;
import dev.millrace.engine.scan.ColumnBins;
import dev.millrace.engine.scan.Counted;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;

/** A statistic of drift is added as docs/extending.md describes: the Hellinger distance. */
class AddedStatisticTest {
    /** √(½ Σ (√a − √e)²), between 0 and 1. */
    private static double hellinger(double[] e, double[] a) {
        double sum = 0;
        for (int i = 0; i < e.length; i++) {
            double root = Math.sqrt(a[i]) - Math.sqrt(e[i]);
            sum += root * root;
        }
        return Math.sqrt(sum / 2);
    }

    private static double between(ColumnBins bins, Counted reference, Counted current) {
        MergedCells cells = MergedCells.of(bins, reference, current);
        return hellinger(Distances.shares(cells.reference(), 0), Distances.shares(cells.current(), 0));
    }

    private static Counted counted(ColumnBins bins, long... values) {
        List<Long> cells = new ArrayList<>(Collections.nCopies(bins.cells(), 0L));
        for (int i = 0; i < values.length; i++) cells.set(i, values[i]);
        return new Counted(cells, 0, Double.NaN, 0, 9, 1);
    }

    @Test // numpy: sqrt(((sqrt([.2, .3, .5]) - sqrt([.5, .3, .2])) ** 2).sum() / 2) = 0.25989318568658965
    void itFollowsFromTheCountsOfBothSides() {
        ColumnBins bins = BinChoice.categories("x", List.of("a", "b", "c"), false);
        Counted reference = counted(bins, 500, 300, 200);
        Counted current = counted(bins, 20, 30, 50);

        assertThat(between(bins, reference, current)).isCloseTo(0.25989318568658965, within(1e-12));
        assertThat(between(bins, current, reference)).isCloseTo(0.25989318568658965, within(1e-12));
        assertThat(between(bins, reference, reference)).isZero();
    }

    @Test
    void aConstantThatMovedIsAsFarAsCanBe() {
        ColumnBins sevens = BinChoice.numbers("x", new double[] {7, 7, 7});
        long[] before = new long[sevens.valueCells()];
        long[] after = new long[sevens.valueCells()];
        before[1] = 100;
        after[after.length - 1] = 100;

        assertThat(between(sevens, counted(sevens, before), counted(sevens, after)))
                .isCloseTo(1, within(1e-12));
    }
}
