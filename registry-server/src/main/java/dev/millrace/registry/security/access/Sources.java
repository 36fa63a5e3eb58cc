package dev.millrace.registry.security.access;

import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** Reads which experiments and models the URIs of artifacts and of model versions' sources lead to. */
final class Sources {
    private static final Pattern SOURCE = Pattern.compile("(runs|models|mlflow-artifacts):/+([^/]+).*", Pattern.DOTALL);
    private static final Pattern SERVED = Pattern.compile("(?i)mlflow-artifacts:(.*)", Pattern.DOTALL);

    private Sources() {}

    /** The first segment of a path: of the server's own artifacts an experiment's id. */
    static String first(String path) {
        return path.replaceFirst("^/+", "").replaceFirst("(?s)/.*", "");
    }

    /** The first segment of what this server keeps; none for what is kept elsewhere. */
    static Stream<String> served(String uri) {
        Matcher served = SERVED.matcher(uri);
        return served.matches() ? Stream.of(first(served.group(1))) : Stream.of();
    }

    static Stream<Target> of(String source, Asking asking) {
        Matcher form = SOURCE.matcher(source);
        if (!form.matches()) return Stream.of();
        List<String> name = List.of(form.group(2));
        return switch (form.group(1)) {
            case "runs" -> Where.named(name, asking.places()::experimentOfRun);
            case "mlflow-artifacts" -> Where.named(name, asking.places()::experiment);
            default ->
                name.get(0).startsWith("m-")
                        ? Where.named(name, asking.places()::experimentOfLoggedModel)
                        : Stream.of(Target.model(name.get(0).replaceFirst("(?s)@.*", "")));
        };
    }
}
