package dev.millrace.engine.window;

import java.math.BigDecimal;
import java.math.MathContext;
import java.util.ArrayList;
import java.util.List;

/** The slow, obvious way: for each question look at every event. Sums in BigDecimal. */
final class WindowOracle {
    record Event(long time, long created, long replaced, double value) {}

    private WindowOracle() {}

    /** @param events in the order in which they were added */
    static double answer(WindowedAggregate wanted, List<Event> events, long now) {
        List<Event> inside = new ArrayList<>();
        for (Event event : events) {
            boolean counts = isIn(wanted, event, now)
                    && isKnown(wanted, event.created(), wanted.created() < 0, now)
                    && !(wanted.replaced() >= 0 && isKnown(wanted, event.replaced(), false, now));
            if (counts && (wanted.value() < 0 || !Double.isNaN(event.value()))) inside.add(event);
        }
        List<BigDecimal> values = inside.stream()
                .filter(event -> Double.isFinite(event.value()))
                .map(event -> new BigDecimal(event.value()))
                .toList();
        return switch (wanted.aggregate()) {
            case COUNT -> inside.size();
            case SUM -> values.isEmpty() ? Double.NaN : sum(values).doubleValue();
            case MEAN -> values.isEmpty() ? Double.NaN : mean(values).doubleValue();
            case STDDEV -> values.size() < 2 ? Double.NaN : deviation(values);
            case MIN -> inside.stream().mapToDouble(Event::value).min().orElse(Double.NaN);
            case MAX -> inside.stream().mapToDouble(Event::value).max().orElse(Double.NaN);
            case COUNT_DISTINCT ->
                inside.stream().map(event -> event.value() + 0.0).distinct().count();
            case LAST -> inside.isEmpty() ? Double.NaN : last(inside).value();
            case SECONDS_SINCE_LAST ->
                inside.isEmpty() ? Double.NaN : (now - last(inside).time()) / 1e6;
        };
    }

    private static boolean isIn(WindowedAggregate wanted, Event event, long now) {
        long end = now - wanted.delay();
        long start = wanted.window().before(end);
        return wanted.boundary() == Boundary.INCLUSIVE
                ? event.time() > start && event.time() <= end
                : event.time() >= start && event.time() < end;
    }

    private static boolean isKnown(WindowedAggregate wanted, long moment, boolean always, long now) {
        if (always) return true;
        if (moment == Long.MAX_VALUE) return false;
        return wanted.boundary() == Boundary.INCLUSIVE ? moment <= now : moment < now;
    }

    private static Event last(List<Event> events) {
        Event last = events.get(0);
        for (Event event : events) if (event.time() >= last.time()) last = event;
        return last;
    }

    private static BigDecimal sum(List<BigDecimal> values) {
        return values.stream().reduce(BigDecimal.ZERO, BigDecimal::add);
    }

    private static BigDecimal mean(List<BigDecimal> values) {
        return sum(values).divide(BigDecimal.valueOf(values.size()), new MathContext(60));
    }

    private static double deviation(List<BigDecimal> values) {
        BigDecimal mean = mean(values);
        BigDecimal squares =
                values.stream().map(value -> value.subtract(mean).pow(2)).reduce(BigDecimal.ZERO, BigDecimal::add);
        return squares.divide(BigDecimal.valueOf(values.size() - 1L), new MathContext(60))
                .sqrt(new MathContext(40))
                .doubleValue();
    }
}
