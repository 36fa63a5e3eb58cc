package dev.millrace.registry.security.access;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What a request is about. Empty: nothing in particular, any user may ask. */
@FunctionalInterface
interface Where {
    List<Target> of(Asking asking);

    Pattern SOURCE = Pattern.compile("(runs|models|mlflow-artifacts):/+([^/]+).*", Pattern.DOTALL);

    Where NOTHING = asking -> List.of();
    Where SERVER = asking -> List.of(Target.SERVER);

    /** Experiments by id; what is unknown counts as the whole server, so that a refusal does not tell what exists. */
    static Where experiments(String... fields) {
        return asking -> named(asking.texts(fields), asking.places()::experiment);
    }

    /** As {@link #experiments}, where an absent id means the default one. */
    static Where experimentOrDefault(String field) {
        return asking -> {
            List<String> ids = asking.texts(field);
            return named(ids.isEmpty() ? List.of("0") : ids, asking.places()::experiment);
        };
    }

    static Where experimentNames(String... fields) {
        return asking -> asking.texts(fields).stream().map(Target::experiment).toList();
    }

    /** Runs, by both names of the field: a handler takes either. */
    static Where runs(String... more) {
        return asking -> {
            List<String> ids = new ArrayList<>(asking.texts("run_id", "run_uuid"));
            ids.addAll(asking.texts(more));
            return named(ids, asking.places()::experimentOfRun);
        };
    }

    static Where loggedModel() {
        return asking -> named(asking.texts("model_id"), asking.places()::experimentOfLoggedModel);
    }

    static Where models(String... fields) {
        return asking -> asking.texts(fields).stream().map(Target::model).toList();
    }

    /** Artifacts lie below the id of their experiment; what lies elsewhere is the whole server's. */
    static Where artifacts() {
        return asking -> {
            String path = asking.path("path")
                    .or(() -> asking.texts("path").stream().findFirst())
                    .orElse("");
            String first = path.replaceFirst("^/+", "").replaceFirst("/.*", "");
            return named(List.of(first), asking.places()::experiment);
        };
    }

    /** What a model version is made of: {@code runs:/ID/…}, {@code models:/NAME/…}, {@code models:/m-…}, artifacts. */
    static Where source() {
        return asking -> {
            List<Target> targets = new ArrayList<>(runs().of(asking));
            targets.addAll(loggedModel().of(asking));
            for (String source : asking.texts("source")) {
                Matcher form = SOURCE.matcher(source);
                if (!form.matches()) continue;
                String name = form.group(2);
                targets.addAll(
                        switch (form.group(1)) {
                            case "runs" -> named(List.of(name), asking.places()::experimentOfRun);
                            case "mlflow-artifacts" -> named(List.of(name), asking.places()::experiment);
                            default ->
                                name.startsWith("m-")
                                        ? named(List.of(name), asking.places()::experimentOfLoggedModel)
                                        : List.of(Target.model(name.replaceFirst("@.*", "")));
                        });
            }
            return targets;
        };
    }

    /**
     * Topics of events and targets of comments: {@code run:ID}, {@code experiment:ID}, {@code model:NAME}, {@code
     * version:NAME/N}, {@code drift:NAME}, each also behind {@code comments:}. Others are about nothing in particular.
     */
    static Where topics(String field) {
        return asking -> {
            List<Target> targets = new ArrayList<>();
            for (String topic : asking.texts(field)) {
                String[] parts = topic.replaceFirst("^comments:", "").split(":", 2);
                if (parts.length < 2) continue;
                switch (parts[0]) {
                    case "run" -> targets.addAll(named(List.of(parts[1]), asking.places()::experimentOfRun));
                    case "experiment" -> targets.addAll(named(List.of(parts[1]), asking.places()::experiment));
                    case "version" -> targets.add(Target.model(parts[1].replaceFirst("/[^/]*$", "")));
                    default -> targets.add(Target.model(parts[1]));
                }
            }
            return targets;
        };
    }

    default Where and(Where other) {
        return asking -> {
            List<Target> both = new ArrayList<>(of(asking));
            both.addAll(other.of(asking));
            return both;
        };
    }

    private static List<Target> named(List<String> ids, Function<String, Optional<String>> name) {
        return ids.stream()
                .map(id -> name.apply(id).map(Target::experiment).orElse(Target.SERVER))
                .toList();
    }
}
