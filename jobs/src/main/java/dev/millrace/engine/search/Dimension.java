package dev.millrace.engine.search;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/** The values one parameter may take. */
public sealed interface Dimension {

    /** A value for a uniform draw in [0, 1). */
    Object at(double uniform);

    /** The values a grid takes. */
    List<Object> grid();

    /** One of some values. */
    record Choice(List<Object> values) implements Dimension {
        public Choice {
            values = List.copyOf(values);
            if (values.isEmpty()) throw new IllegalArgumentException("`values` is empty");
        }

        @Override
        public Object at(double uniform) {
            return values.get((int) (uniform * values.size()));
        }

        @Override
        public List<Object> grid() {
            return values;
        }
    }

    /**
     * A span of numbers, both ends included.
     *
     * @param log equal factors are equally likely, instead of equal steps
     * @param whole only whole numbers
     * @param steps points a grid takes, evenly spaced (by factors when {@code log})
     */
    record Range(double from, double to, boolean log, boolean whole, int steps) implements Dimension {
        public Range {
            if (!(from < to))
                throw new IllegalArgumentException("`from` (" + from + ") is not below `to` (" + to + ")");
            if (log && from <= 0)
                throw new IllegalArgumentException("`log: true` requires `from` above 0, not " + from);
            if (whole && (from != Math.rint(from) || to != Math.rint(to))) {
                throw new IllegalArgumentException(
                        "`whole: true` requires integers as `from` and `to`, not " + from + " and " + to);
            }
            if (steps < 2) throw new IllegalArgumentException("`steps` is " + steps + "; expected at least 2");
        }

        @Override
        public Object at(double uniform) {
            // Half a step beyond each end, so that the ends of a whole span are as likely as the middle.
            double low = whole ? from - 0.5 : from;
            double high = whole ? Math.nextDown(to + 0.5) : to;
            return value(log ? low * Math.pow(high / low, uniform) : low + uniform * (high - low));
        }

        private Object value(double number) {
            if (!whole) return number;
            return (long) Math.max(from, Math.min(to, Math.rint(number)));
        }

        @Override
        public List<Object> grid() {
            List<Object> points = new ArrayList<>();
            for (int i = 0; i < steps; i++) {
                double share = (double) i / (steps - 1);
                Object point = value(log ? from * Math.pow(to / from, share) : from + share * (to - from));
                if (!points.contains(point)) points.add(point);
            }
            return points;
        }
    }

    /** A draw from {@code random}. */
    default Object draw(SplittableRandom random) {
        return at(random.nextDouble());
    }
}
