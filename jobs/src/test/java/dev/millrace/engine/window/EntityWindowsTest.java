package dev.millrace.engine.window;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EntityWindowsTest {
    private static final long[] NO_CREATED = {};
    private static final Object[] NO_EXACTS = {};

    private static EntityWindows windows(List<WindowedAggregate> wanted, int doubles, int moments) {
        return new EntityWindows(wanted, new EventShape(moments, doubles, 0), new SpillSpace(1L << 30, () -> null));
    }

    private static WindowedAggregate count(long window, long delay, Boundary boundary) {
        return new WindowedAggregate(
                Aggregate.COUNT, WindowedAggregate.NONE, Lookback.ofMicros(window), delay, boundary, -1, -1);
    }

    private static double[] answered(List<WindowedAggregate> wanted, long now, long... times) {
        EntityWindows windows = windows(wanted, 0, 0);
        windows.begin();
        for (long time : times) windows.add(time, NO_CREATED, new double[0], NO_EXACTS);
        double[] results = new double[wanted.size()];
        windows.answer(now, results, new Object[results.length]);
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
        WindowedAggregate known =
                new WindowedAggregate(Aggregate.MAX, 0, Lookback.ofMicros(100), 0, Boundary.INCLUSIVE, 0, -1);
        EntityWindows windows = windows(List.of(known), 1, 1);
        double[] result = new double[1];
        windows.begin();
        windows.add(1, new long[] {50}, new double[] {9}, NO_EXACTS);
        windows.add(2, new long[] {2}, new double[] {3}, NO_EXACTS);

        windows.answer(10, result, new Object[result.length]);
        assertThat(result[0]).isEqualTo(3);
        windows.answer(50, result, new Object[result.length]);
        assertThat(result[0]).isEqualTo(9);
        windows.answer(101, result, new Object[result.length]);
        assertThat(result[0]).isEqualTo(3);
        windows.answer(102, result, new Object[result.length]);
        assertThat(result[0]).isNaN();
        assertThat(windows.isEmpty()).isTrue();
    }

    @Test // numpy.std([1e9 + 4, 1e9 + 7, 1e9 + 13, 1e9 + 16], ddof=1) = 5.477225575051661
    void aLargeOffsetDoesNotDrownTheDeviation() {
        WindowedAggregate deviation =
                new WindowedAggregate(Aggregate.STDDEV, 0, Lookback.ofMicros(100), 0, Boundary.INCLUSIVE, -1, -1);
        EntityWindows windows = windows(List.of(deviation), 1, 0);
        double[] result = new double[1];
        windows.begin();
        long time = 0;
        for (double value : new double[] {4, 7, 13, 16}) {
            windows.add(++time, NO_CREATED, new double[] {1e9 + value}, NO_EXACTS);
        }

        windows.answer(5, result, new Object[result.length]);

        assertThat(result[0]).isEqualTo(5.477225575051661);
    }

    @Test
    void aMillionEventsOfOneEntityKeepOnlyTheLongestWindow() {
        List<WindowedAggregate> wanted = List.of(
                count(1_000, 0, Boundary.INCLUSIVE),
                new WindowedAggregate(Aggregate.MEAN, 0, Lookback.ofMicros(500), 100, Boundary.INCLUSIVE, -1, -1),
                new WindowedAggregate(Aggregate.MAX, 0, Lookback.ofMicros(1_000), 0, Boundary.INCLUSIVE, -1, -1));
        EntityWindows windows = windows(wanted, 1, 0);
        double[] results = new double[3];
        windows.begin();
        for (int i = 0; i < 1_000_000; i++) {
            windows.add(i, NO_CREATED, new double[] {i % 7}, NO_EXACTS);
            windows.answer(i, results, new Object[results.length]);
        }

        double sum = 0;
        for (int i = 1_000_000 - 100 - 500; i < 1_000_000 - 100; i++) sum += i % 7;
        assertThat(results).containsExactly(1_000, sum / 500, 6);
        assertThat(windows.held()).isEqualTo(1_000);
    }

    @Test
    void timeMayNotGoBack() {
        EntityWindows windows = windows(List.of(count(1, 0, Boundary.INCLUSIVE)), 0, 0);
        windows.begin();
        windows.add(5, NO_CREATED, new double[0], NO_EXACTS);

        assertThatThrownBy(() -> windows.add(4, NO_CREATED, new double[0], NO_EXACTS))
                .hasMessageContaining("time goes back from 5 to 4");
    }

    @Test // February has 28 days; a month before its last day is 28 January
    void aCalendarMonthIsAsLongAsTheMonth() {
        Lookback month = Lookback.ofMonths(1);

        assertThat(month.before(micros("2026-03-31T12:00:00Z"))).isEqualTo(micros("2026-02-28T12:00:00Z"));
        assertThat(month.before(micros("2026-03-28T12:00:00Z"))).isEqualTo(micros("2026-02-28T12:00:00Z"));
        assertThat(Lookback.ofMonths(12).before(micros("1969-06-01T00:00:00Z")))
                .isEqualTo(micros("1968-06-01T00:00:00Z"));
    }

    private static long micros(String moment) {
        return java.time.temporal.ChronoUnit.MICROS.between(java.time.Instant.EPOCH, java.time.Instant.parse(moment));
    }

    @Test
    void oneHotEntityNeedsNoMoreMemoryThanTheBound(@TempDir Path folder) {
        List<WindowedAggregate> wanted = List.of(
                new WindowedAggregate(Aggregate.MEAN, 0, Lookback.ofMicros(90_000), 0, Boundary.INCLUSIVE, -1, -1),
                new WindowedAggregate(Aggregate.SUM, 0, Lookback.ofMicros(150_000), 7, Boundary.EXCLUSIVE, 0, -1),
                new WindowedAggregate(Aggregate.LAST, 1, Lookback.ofMicros(150_000), 0, Boundary.INCLUSIVE, -1, -1));
        EventShape shape = new EventShape(1, 1, 1);
        Path file = folder.resolve("events");
        double[] numbers = new double[3];
        double[] expected = new double[3];
        try (SpillSpace small = new SpillSpace(1 << 18, () -> file);
                SpillSpace large = new SpillSpace(1L << 30, () -> null)) {
            EntityWindows bounded = new EntityWindows(wanted, shape, small);
            EntityWindows unbounded = new EntityWindows(wanted, shape, large);
            for (long entity = 0; entity < 2; entity++) {
                bounded.begin();
                unbounded.begin();
                for (int i = 0; i < 200_000; i++) {
                    long[] created = {i + i % 5 * 1_000L};
                    double[] value = {i % 1_013};
                    Object[] text = {i % 3 == 0 ? new Text(("k" + i).getBytes(UTF_8)) : null};
                    bounded.add(i, created, value, text);
                    unbounded.add(i, created, value, text);
                    // The second entity is asked seldom, so that many events enter its windows at once.
                    if (entity == 1 && i % 997 > 0) continue;
                    Object[] one = new Object[3];
                    Object[] other = new Object[3];
                    bounded.answer(i, numbers, one);
                    unbounded.answer(i, expected, other);
                    assertThat(numbers).isEqualTo(expected);
                    assertThat(one[2]).isEqualTo(other[2]);
                }
                assertThat(bounded.residentBytes()).isLessThanOrEqualTo(1 << 18);
                assertThat(unbounded.residentBytes()).isGreaterThan(4 << 20);
            }
            assertThat(small.isUsed()).isTrue();
            assertThat(file).exists();
        }
        assertThat(file).doesNotExist();
    }
}
