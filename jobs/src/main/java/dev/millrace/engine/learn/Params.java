package dev.millrace.engine.learn;

import dev.millrace.platform.error.Nearest;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Parameters of an algorithm, checked, with the defaults filled in. Names are MLlib's in kebab-case.
 *
 * @param values each Double, or String for texts
 */
public record Params(Map<String, Object> values) {

    /**
     * A parameter an algorithm has.
     *
     * @param byDefault Double, or String for a text
     * @param least smallest number allowed
     * @param most greatest number allowed
     * @param whole whether a fraction is refused
     * @param texts what a text must match, and how to say that; empty for numbers
     */
    public record Known(String name, Object byDefault, double least, double most, boolean whole, Texts texts) {
        static Known number(String name, double byDefault, double least, double most) {
            return new Known(name, byDefault, least, most, false, Texts.NONE);
        }

        static Known whole(String name, double byDefault, double least, double most) {
            return new Known(name, byDefault, least, most, true, Texts.NONE);
        }

        static Known text(String name, String byDefault, String pattern, String words) {
            return new Known(name, byDefault, 0, 0, false, new Texts(pattern, words));
        }
    }

    /** Texts a parameter allows: a pattern, and the same in words. */
    public record Texts(String pattern, String words) {
        static final Texts NONE = new Texts("", "");
    }

    public Params {
        values = new LinkedHashMap<>(values);
    }

    /** @throws IllegalArgumentException naming what is unknown, of the wrong kind or out of range */
    public static Params of(Algorithm algorithm, Map<String, Object> given) {
        return of(algorithm.text(), algorithm.learner().params(), given);
    }

    static Params of(String algorithm, List<Known> known, Map<String, Object> given) {
        List<String> names = known.stream().map(Known::name).toList();
        for (String name : given.keySet()) {
            if (!names.contains(name)) {
                throw new IllegalArgumentException("`params." + name + "` is not a parameter of " + algorithm + "."
                        + Nearest.hint(name, names) + " Valid: " + String.join(", ", names));
            }
        }
        Map<String, Object> values = new LinkedHashMap<>();
        for (Known parameter : known) {
            Object value = given.getOrDefault(parameter.name(), parameter.byDefault());
            values.put(parameter.name(), checked(parameter, value));
        }
        return new Params(values);
    }

    private static Object checked(Known parameter, Object value) {
        if (parameter.byDefault() instanceof String) return checkedText(parameter, String.valueOf(value));
        if (!(value instanceof Number number)) {
            throw new IllegalArgumentException(
                    "`params." + parameter.name() + "` expects a number, found `" + value + "`");
        }
        double given = number.doubleValue();
        if (!(given >= parameter.least() && given <= parameter.most())) {
            throw new IllegalArgumentException("`params." + parameter.name() + "` is " + value + "; expected "
                    + text(parameter.least()) + " to " + text(parameter.most()));
        }
        if (parameter.whole() && given != Math.rint(given)) {
            throw new IllegalArgumentException("`params." + parameter.name() + "` is " + value
                    + "; expected an integer. In a search space, add `whole: true`");
        }
        return given;
    }

    private static String checkedText(Known parameter, String text) {
        if (text.matches(parameter.texts().pattern())) return text;
        throw new IllegalArgumentException("`params." + parameter.name() + "` is `" + text + "`; expected "
                + parameter.texts().words());
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
    public List<Map.Entry<String, String>> printed() {
        List<Map.Entry<String, String>> printed = new ArrayList<>();
        values.forEach((name, value) ->
                printed.add(Map.entry(name, value instanceof Double number ? text(number) : String.valueOf(value))));
        return printed;
    }
}
