package dev.millrace.flow.tuning;

import dev.millrace.engine.search.Dimension;
import dev.millrace.engine.search.SearchSpace;
import dev.millrace.platform.config.Default;
import dev.millrace.platform.config.Doc;
import dev.millrace.platform.config.Min;
import dev.millrace.platform.config.Variants;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** How trials are chosen. */
@Variants("by")
public sealed interface Search {
    /** The params of every trial, in order. */
    List<Map<String, Object>> points(long seed);

    Map<String, Values> space();

    /** Every combination of values. */
    record Grid(@Doc("values per parameter") Map<String, Values> space) implements Search {
        /** More is a mistake more often than a wish. */
        private static final int LIMIT = 1000;

        public Grid {
            space = Map.copyOf(new LinkedHashMap<>(space));
            int trials = spaceOf(space).grid().size();
            if (trials > LIMIT) {
                throw new IllegalArgumentException("`space` has " + trials + " combinations, more than " + LIMIT
                        + "; use fewer values or `by: random`");
            }
        }

        @Override
        public List<Map<String, Object>> points(long seed) {
            return spaceOf(space).grid();
        }
    }

    /** Independent draws. */
    record Random(
            @Doc("values per parameter") Map<String, Values> space,
            @Doc("number of draws") @Default("20") @Min(1) int trials)
            implements Search {
        public Random {
            space = Map.copyOf(new LinkedHashMap<>(space));
            spaceOf(space);
        }

        @Override
        public List<Map<String, Object>> points(long seed) {
            return spaceOf(space).random(trials, seed);
        }
    }

    /**
     * Values of one parameter: a list, or a span.
     *
     * @param steps number of values of a range in a grid
     */
    record Values(
            @Doc("list of values") List<Object> values,
            @Doc("smallest value of a range") Optional<Double> from,
            @Doc("largest value of a range") Optional<Double> to,
            @Doc("logarithmic instead of linear scale") @Default("false") boolean log,
            @Doc("integers only") @Default("false") boolean whole,
            @Doc("number of values of a range in a grid") @Default("3") @Min(2) int steps) {
        public Values {
            values = List.copyOf(values);
            if (values.isEmpty() == (from.isEmpty() || to.isEmpty())) {
                throw new IllegalArgumentException("must have either `values`, or `from` and `to`");
            }
            if (from.isPresent() && to.isPresent()) new Dimension.Range(from.get(), to.get(), log, whole, steps);
        }

        Dimension dimension() {
            if (!values.isEmpty()) return new Dimension.Choice(values);
            return new Dimension.Range(from.orElseThrow(), to.orElseThrow(), log, whole, steps);
        }
    }

    private static SearchSpace spaceOf(Map<String, Values> space) {
        Map<String, Dimension> dimensions = new LinkedHashMap<>();
        // By name: the order of points must not depend on the order of keys in the file.
        new java.util.TreeMap<>(space).forEach((name, values) -> dimensions.put(name, values.dimension()));
        return new SearchSpace(dimensions);
    }
}
