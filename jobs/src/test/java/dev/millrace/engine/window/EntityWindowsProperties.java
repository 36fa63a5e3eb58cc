package dev.millrace.engine.window;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.SplittableRandom;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;

/** Whatever the events, the streaming answers are those of {@link WindowOracle}. */
class EntityWindowsProperties {
    private static final double TOLERANCE = 1e-12;

    /** Few distinct times, so that ties and hits on a boundary are the rule. */
    @Property(tries = 200)
    void answersEqualTheOracle(@ForAll long seed, @ForAll @IntRange(max = 120) int events) {
        SplittableRandom random = new SplittableRandom(seed);
        long span = 1 + random.nextLong(200);
        List<WindowedAggregate> wanted = wanted(random, span);
        List<WindowOracle.Event> stream = new ArrayList<>();
        for (int i = 0; i < events; i++) stream.add(event(random, span));
        stream.sort(Comparator.comparingLong(WindowOracle.Event::time));

        EntityWindows windows = new EntityWindows(wanted, new EventShape(2, 1, 1), new SpillSpace(1 << 20, () -> null));
        // A first entity whose remains must not be seen by the second.
        windows.begin();
        windows.add(0, new long[] {0, 3}, new double[] {1e18}, new Object[] {7L});
        windows.answer(1, new double[wanted.size()], new Object[wanted.size()]);
        windows.begin();

        check(windows, wanted, stream, random, span);
    }

    private static void check(
            EntityWindows windows,
            List<WindowedAggregate> wanted,
            List<WindowOracle.Event> stream,
            SplittableRandom random,
            long span) {
        double[] results = new double[wanted.size()];
        Object[] exacts = new Object[wanted.size()];
        int next = 0;
        for (long now = 0; now <= 2 * span; now += random.nextInt(4)) {
            for (; next < stream.size() && stream.get(next).time() <= now; next++) {
                WindowOracle.Event event = stream.get(next);
                Object exact = Double.isNaN(event.value()) ? null : exact(event.value());
                windows.add(
                        event.time(),
                        new long[] {event.created(), event.replaced()},
                        new double[] {event.value()},
                        new Object[] {exact});
            }
            windows.answer(now, results, exacts);
            for (int i = 0; i < results.length; i++) {
                double expected = WindowOracle.answer(wanted.get(i), stream.subList(0, next), now);
                if (isExact(wanted.get(i))) {
                    Object due = Double.isNaN(expected) ? null : exact(expected);
                    if (!java.util.Objects.equals(exacts[i], due)) {
                        assertThat(exacts[i]).as("%s at %d", wanted.get(i), now).isEqualTo(due);
                    }
                } else assertSame(wanted.get(i), now, results[i], expected);
            }
        }
    }

    /** The value as a BIGINT, in the same order: bits of doubles sort as whole numbers once negative ones are turned. */
    private static Long exact(double value) {
        long bits = Double.doubleToLongBits(value + 0.0);
        return bits < 0 ? bits ^ Long.MAX_VALUE : bits;
    }

    private static boolean isExact(WindowedAggregate wanted) {
        return wanted.value() == 1
                && (wanted.aggregate() == Aggregate.MIN
                        || wanted.aggregate() == Aggregate.MAX
                        || wanted.aggregate() == Aggregate.LAST);
    }

    private static void assertSame(WindowedAggregate wanted, long now, double actual, double expected) {
        boolean exact = wanted.aggregate() == Aggregate.COUNT || wanted.aggregate() == Aggregate.COUNT_DISTINCT;
        double allowed = exact ? 0 : Math.abs(expected) * TOLERANCE;
        boolean same = Double.isNaN(expected)
                ? Double.isNaN(actual)
                : actual == expected || Math.abs(actual - expected) <= allowed;
        if (same) return;
        assertThat(actual).as("%s at %d", wanted, now).isEqualTo(expected);
    }

    private static List<WindowedAggregate> wanted(SplittableRandom random, long span) {
        List<WindowedAggregate> wanted = new ArrayList<>();
        for (Aggregate aggregate : Aggregate.values()) {
            for (Boundary boundary : Boundary.values()) {
                long delay = random.nextBoolean() ? 0 : random.nextLong(span);
                int created = random.nextInt(2) - 1;
                int replaced = random.nextBoolean() ? -1 : 1;
                int value = isOfNumbers(aggregate) ? 0 : random.nextInt(2);
                for (int i = 0; i < 2; i++) {
                    Lookback window = Lookback.ofMicros(1 + random.nextLong(span));
                    wanted.add(new WindowedAggregate(aggregate, value, window, delay, boundary, created, replaced));
                }
            }
        }
        Lookback seven = Lookback.ofMicros(7);
        wanted.add(new WindowedAggregate(Aggregate.COUNT, WindowedAggregate.NONE, seven, 0, Boundary.INCLUSIVE, 0, -1));
        wanted.add(new WindowedAggregate(
                Aggregate.SECONDS_SINCE_LAST, WindowedAggregate.NONE, seven, 2, Boundary.EXCLUSIVE, -1, -1));
        return wanted;
    }

    private static boolean isOfNumbers(Aggregate aggregate) {
        return aggregate == Aggregate.SUM || aggregate == Aggregate.MEAN || aggregate == Aggregate.STDDEV;
    }

    private static WindowOracle.Event event(SplittableRandom random, long span) {
        long time = random.nextLong(span);
        long created =
                switch (random.nextInt(4)) {
                    case 0 -> time + random.nextLong(span);
                    case 1 -> time + random.nextLong(5);
                    case 2 -> random.nextInt(8) == 0 ? Long.MAX_VALUE : time;
                    default -> time - random.nextLong(3);
                };
        long replaced = random.nextInt(3) == 0 ? time + random.nextLong(span) : Long.MAX_VALUE;
        return new WindowOracle.Event(time, created, replaced, value(random));
    }

    private static double value(SplittableRandom random) {
        return switch (random.nextInt(12)) {
            case 0 -> Double.NaN;
            case 1 -> random.nextInt(4);
            case 2 -> -random.nextDouble() * 1e9;
            case 3 -> 1e12 + random.nextInt(1000);
            case 4 -> random.nextDouble() * 1e-6;
            case 5 -> random.nextBoolean() ? 0.0 : -0.0;
            case 6 -> random.nextInt(20) == 0 ? Double.POSITIVE_INFINITY : 1;
            default -> Math.round(random.nextDouble() * 10_000) / 100.0;
        };
    }

    /** A window over a heavy entity gives what a fresh start would: nothing of what left stays. */
    @Property(tries = 20)
    void sumsDoNotRememberWhatLeft(@ForAll long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        WindowedAggregate mean =
                new WindowedAggregate(Aggregate.MEAN, 0, Lookback.ofMicros(10), 0, Boundary.INCLUSIVE, -1, -1);
        EntityWindows windows =
                new EntityWindows(List.of(mean), new EventShape(0, 1, 0), new SpillSpace(1 << 20, () -> null));
        double[] result = new double[1];
        windows.begin();
        List<WindowOracle.Event> events = new ArrayList<>();
        for (int i = 0; i < 3000; i++) {
            double value = i % 500 == 0 ? 1e300 : (random.nextDouble() - 0.5) * StrictMath.pow(10, random.nextInt(20));
            events.add(new WindowOracle.Event(i, i, Long.MAX_VALUE, value));
            windows.add(i, new long[0], new double[] {value}, new Object[0]);
            windows.answer(i, result, new Object[1]);
        }

        double expected = WindowOracle.answer(mean, events.subList(2900, 3000), 2999);

        assertThat(result[0]).isEqualTo(expected);
    }
}
