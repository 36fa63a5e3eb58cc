package dev.millrace.engine.window;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;

class EntityWindowsTest {
    private static final long[] NO_CREATED = {};

    private static WindowedAggregate count(long window, long delay, Boundary boundary) {
        return new WindowedAggregate(Aggregate.COUNT, WindowedAggregate.NONE, window, delay, boundary, -1);
    }

    private static double[] answered(List<WindowedAggregate> wanted, long now, long... times) {
        EntityWindows windows = new EntityWindows(wanted, 0, 0);
        windows.begin();
        for (long time : times) windows.add(time, NO_CREATED, new double[0]);
        double[] results = new double[wanted.size()];
        windows.answer(now, results);
        return results;
    }

    @Test
    void theBoundaryDecidesAboutBothEnds() {
        List<WindowedAggregate> both = List.of(count(10, 0, Boundary.INCLUSIVE), count(10, 0, Boundary.EXCLUSIVE));

        assertThat(answered(both, 20, 10)).containsExactly(0, 1);
        assertThat(answered(both, 20, 20)).containsExactly(1, 0);
        assertThat(answered(both, 20, 10, 11, 20, 20)).containsExactly(3, 2);
    }

    @Test
    void aDelayMovesTheWindowBack() {
        List<WindowedAggregate> delayed = List.of(count(10, 5, Boundary.INCLUSIVE));

        assertThat(answered(delayed, 20, 5, 6, 15, 16)).containsExactly(2);
    }

    @Test
    void whatBecameKnownLaterCountsFromThenOn() {
        WindowedAggregate known = new WindowedAggregate(Aggregate.MAX, 0, 100, 0, Boundary.INCLUSIVE, 0);
        EntityWindows windows = new EntityWindows(List.of(known), 1, 1);
        double[] result = new double[1];
        windows.begin();
        windows.add(1, new long[] {50}, new double[] {9});
        windows.add(2, new long[] {2}, new double[] {3});

        windows.answer(10, result);
        assertThat(result[0]).isEqualTo(3);
        windows.answer(50, result);
        assertThat(result[0]).isEqualTo(9);
        windows.answer(101, result);
        assertThat(result[0]).isEqualTo(3);
        windows.answer(102, result);
        assertThat(result[0]).isNaN();
        assertThat(windows.isEmpty()).isTrue();
    }

    @Test // numpy.std([1e9 + 4, 1e9 + 7, 1e9 + 13, 1e9 + 16], ddof=1) = 5.477225575051661
    void aLargeOffsetDoesNotDrownTheDeviation() {
        WindowedAggregate deviation = new WindowedAggregate(Aggregate.STDDEV, 0, 100, 0, Boundary.INCLUSIVE, -1);
        EntityWindows windows = new EntityWindows(List.of(deviation), 1, 0);
        double[] result = new double[1];
        windows.begin();
        long time = 0;
        for (double value : new double[] {4, 7, 13, 16}) {
            windows.add(++time, NO_CREATED, new double[] {1e9 + value});
        }

        windows.answer(5, result);

        assertThat(result[0]).isEqualTo(5.477225575051661);
    }

    @Test
    void aMillionEventsOfOneEntityKeepOnlyTheLongestWindow() {
        List<WindowedAggregate> wanted = List.of(
                count(1_000, 0, Boundary.INCLUSIVE),
                new WindowedAggregate(Aggregate.MEAN, 0, 500, 100, Boundary.INCLUSIVE, -1),
                new WindowedAggregate(Aggregate.MAX, 0, 1_000, 0, Boundary.INCLUSIVE, -1));
        EntityWindows windows = new EntityWindows(wanted, 1, 0);
        double[] results = new double[3];
        windows.begin();
        for (int i = 0; i < 1_000_000; i++) {
            windows.add(i, NO_CREATED, new double[] {i % 7});
            windows.answer(i, results);
        }

        double sum = 0;
        for (int i = 1_000_000 - 100 - 500; i < 1_000_000 - 100; i++) sum += i % 7;
        assertThat(results).containsExactly(1_000, sum / 500, 6);
        assertThat(windows.held()).isEqualTo(1_000);
    }

    @Test
    void timeMayNotGoBack() {
        EntityWindows windows = new EntityWindows(List.of(count(1, 0, Boundary.INCLUSIVE)), 0, 0);
        windows.begin();
        windows.add(5, NO_CREATED, new double[0]);

        assertThatThrownBy(() -> windows.add(4, NO_CREATED, new double[0]))
                .hasMessageContaining("time goes back from 5 to 4");
    }
}
