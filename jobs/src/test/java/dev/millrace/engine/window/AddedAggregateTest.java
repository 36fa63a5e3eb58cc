package dev.millrace.engine.window;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayDeque;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** An aggregate is added as docs/extending.md describes: how often a value was greater than the one before it. */
class AddedAggregateTest {
    private static final class Rises implements Accumulator {
        private final int value;
        private final ArrayDeque<Double> values = new ArrayDeque<>();
        private int rises;

        Rises(int value) {
            this.value = value;
        }

        @Override
        public void clear() {
            values.clear();
            rises = 0;
        }

        @Override
        public void add(Events events, long number) {
            double added = events.number(number, value);
            if (!values.isEmpty() && added > values.getLast()) rises++;
            values.addLast(added);
        }

        @Override
        public void remove(Events events, long number) {
            double left = values.removeFirst();
            if (!values.isEmpty() && values.getFirst() > left) rises--;
        }
    }

    /** Of the events with a value in (now - length, now]. */
    private static int slowly(double[] values, int now, int length) {
        int rises = 0;
        double before = Double.NaN;
        for (int i = Math.max(0, now - length + 1); i <= now; i++) {
            if (Double.isNaN(values[i])) continue;
            if (values[i] > before) rises++;
            before = values[i];
        }
        return rises;
    }

    @Test
    void itEqualsASlowOracleAtEveryMomentOfEveryEntity() {
        Random random = new Random(5);
        EventShape shape = new EventShape(0, 1, 0);
        Span span = new Span(Lookback.ofMicros(7), false);
        Rises rises = span.watch(0, Rises.class, any -> true, () -> new Rises(0));
        Events events = new Events(shape, new SpillSpace(1L << 20, () -> null), 1);
        for (int entity = 0; entity < 20; entity++) {
            double[] values = random.doubles(60)
                    .map(each -> each < 0.2 ? Double.NaN : Math.rint(each * 5))
                    .toArray();
            events.clear();
            span.clear();
            for (int time = 0; time < values.length; time++) {
                events.add(time, new long[0], new double[] {values[time]}, new Object[0]);
                span.enter(events, time);
                span.leave(events, time + 1L, time, true);

                assertThat(rises.rises).as("entity %d at %d", entity, time).isEqualTo(slowly(values, time, 7));
            }
        }
    }
}
