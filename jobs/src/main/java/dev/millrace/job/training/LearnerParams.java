package dev.millrace.job.training;

import dev.millrace.platform.error.Nearest;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Parameters of an algorithm, checked, with the defaults filled in. Names are MLlib's in kebab-case.
 *
 * @param values each Double, or String for {@code feature-subset-strategy}
 */
record LearnerParams(Map<String, Object> values) {
    private record Known(String name, Object byDefault, double least, double most) {}

    private static final List<Known> LINEAR = List.of(
            new Known("max-iter", 100.0, 0, 100_000),
            new Known("reg-param", 0.0, 0, 1e9),
            new Known("elastic-net-param", 0.0, 0, 1),
            new Known("tol", 1e-6, 0, 1));

    // 128 bins: with MLlib's 32 a rule such as "amount > 220", true of 0.1 % of the rows, falls inside a bin.
    private static final List<Known> FOREST = List.of(
            new Known("num-trees", 40.0, 1, 10_000),
            new Known("max-depth", 10.0, 0, 30),
            new Known("max-bins", 128.0, 2, 65_536),
            new Known("min-instances-per-node", 5.0, 1, 1e9),
            new Known("subsampling-rate", 1.0, 1e-6, 1),
            new Known("feature-subset-strategy", "auto", 0, 0));

    private static final List<Known> BOOSTED = List.of(
            new Known("max-iter", 30.0, 1, 10_000),
            new Known("max-depth", 5.0, 0, 30),
            new Known("max-bins", 128.0, 2, 65_536),
            new Known("min-instances-per-node", 5.0, 1, 1e9),
            new Known("subsampling-rate", 1.0, 1e-6, 1),
            new Known("step-size", 0.1, 1e-6, 1));

    private static List<Known> known(Algorithm algorithm) {
        return switch (algorithm) {
            case LOGISTIC_REGRESSION, LINEAR_REGRESSION -> LINEAR;
            case RANDOM_FOREST -> FOREST;
            case GBT -> BOOSTED;
        };
    }

    /** @throws IllegalArgumentException naming what is unknown, of the wrong kind or out of range */
    static LearnerParams of(Algorithm algorithm, Map<String, Object> given) {
        List<Known> known = known(algorithm);
        List<String> names = known.stream().map(Known::name).toList();
        for (String name : given.keySet()) {
            if (!names.contains(name)) {
                throw new IllegalArgumentException("`params." + name + "` is no parameter of " + algorithm.text() + "."
                        + Nearest.hint(name, names) + " Known: " + String.join(", ", names));
            }
        }
        Map<String, Object> values = new LinkedHashMap<>();
        for (Known parameter : known) {
            Object value = given.getOrDefault(parameter.name(), parameter.byDefault());
            values.put(parameter.name(), checked(parameter, value));
        }
        return new LearnerParams(values);
    }

    private static Object checked(Known parameter, Object value) {
        if (parameter.byDefault() instanceof String) return strategy(value);
        if (!(value instanceof Number number)) {
            throw new IllegalArgumentException(
                    "`params." + parameter.name() + "` expects a number, found `" + value + "`");
        }
        double given = number.doubleValue();
        if (given < parameter.least() || given > parameter.most()) {
            throw new IllegalArgumentException("`params." + parameter.name() + "` is " + value + "; allowed is "
                    + text(parameter.least()) + " to " + text(parameter.most()));
        }
        return given;
    }

    private static String strategy(Object value) {
        String text = String.valueOf(value);
        boolean named = List.of("auto", "all", "sqrt", "log2", "onethird").contains(text);
        if (named || text.matches("[1-9][0-9]*|0?\\.[0-9]*[1-9][0-9]*|1\\.0")) return text;
        throw new IllegalArgumentException("`params.feature-subset-strategy` is `" + text
                + "`; allowed are auto, all, sqrt, log2, onethird, a count, or a share such as 0.5");
    }

    private static String text(double value) {
        return value == Math.rint(value) && Math.abs(value) < 1e15
                ? String.valueOf((long) value)
                : String.valueOf(value);
    }

    double number(String name) {
        return (Double) values.get(name);
    }

    int count(String name) {
        return (int) number(name);
    }

    String text(String name) {
        return (String) values.get(name);
    }

    /** As recorded: whole numbers without a fraction. */
    List<Map.Entry<String, String>> printed() {
        List<Map.Entry<String, String>> printed = new ArrayList<>();
        values.forEach((name, value) ->
                printed.add(Map.entry(name, value instanceof Double number ? text(number) : String.valueOf(value))));
        return printed;
    }
}
