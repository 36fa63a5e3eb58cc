package dev.millrace.platform.tracking;

import dev.millrace.platform.config.FromText;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * How a model is named: {@code models:/NAME/VERSION}, {@code models:/NAME@ALIAS}, {@code models:/NAME/latest}, {@code
 * runs:/RUN/path}, or a folder. MLflow's forms, as its clients write them.
 */
public record ModelUri(String text) {
    static final Pattern REGISTERED = Pattern.compile("models:/([^/@]+)(?:/([^/@]+)|@([^/@]+))");
    static final Pattern OF_RUN = Pattern.compile("runs:/([^/]+)/(.+)");
    private static final Pattern BARE_ALIAS = Pattern.compile("[^/:@]+@[^/:@]+");

    /** @throws IllegalArgumentException for a text that can be no model by its form alone */
    @FromText
    public static ModelUri parse(String text) {
        Optional<String> problem = problem(text);
        if (problem.isPresent()) throw new IllegalArgumentException(problem.get());
        return new ModelUri(text);
    }

    /** The registered name, whatever the version; the whole text for other forms. */
    public String withoutVersion() {
        Matcher registered = REGISTERED.matcher(text);
        return registered.matches() ? registered.group(1) : text;
    }

    @Override
    public String toString() {
        return text;
    }

    private static Optional<String> problem(String uri) {
        String valid =
                " Valid: `models:/NAME@ALIAS`, `models:/NAME/VERSION`, `runs:/RUN_ID/model`, or a model directory.";
        if (uri.startsWith("models:/") && !REGISTERED.matcher(uri).matches()) {
            String name = uri.substring("models:/".length());
            return Optional.of("the URI has no version. Did you mean `models:/" + name + "@champion`?" + valid);
        }
        if (uri.startsWith("runs:/") && !OF_RUN.matcher(uri).matches()) {
            return Optional.of("the URI has no artifact path." + valid);
        }
        if (BARE_ALIAS.matcher(uri).matches()) {
            return Optional.of("this means a folder. Did you mean `models:/" + uri + "`?" + valid);
        }
        return Optional.empty();
    }

    /** What is wrong with the name of a registered model; empty when nothing is. */
    public static Optional<String> nameProblem(String name) {
        boolean uri = name.contains("/") || name.contains("@") || name.contains(":");
        return uri
                ? Optional.of("is `" + name
                        + "`; the name must not contain /, : or @. Use the registered name alone, such as" + " `fraud`")
                : Optional.empty();
    }
}
