package dev.millrace.registry.security.access;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Stream;

/**
 * What a request is about, read from whatever a handler might read it from. Nothing: any user may call. Ids of things that
 * are not there count as the whole server, so that a refusal does not reveal what exists.
 */
public final class Where {
    public static final Where NOTHING = new Where("nothing in particular", asking -> Stream.of());
    public static final Where SERVER = new Where("the whole registry", asking -> Stream.of(Target.SERVER));

    private final String shown;
    private final Function<Asking, Stream<Target>> targets;

    Where(String shown, Function<Asking, Stream<Target>> targets) {
        this.shown = shown;
        this.targets = targets;
    }

    /** One after the other, so that a refusal at the first costs no look at the ten thousandth. */
    Stream<Target> of(Asking asking) {
        return targets.apply(asking);
    }

    boolean isNothing() {
        return this == NOTHING;
    }

    /** Experiments by id. */
    public static Where experiments(String... fields) {
        return ids("experiments", fields, asking -> asking.places()::experiment);
    }

    /** As {@link #experiments}, where an absent id means the default one. */
    public static Where experimentOrDefault(String field) {
        return new Where("experiments(" + field + " or 0)", asking -> {
            List<String> ids = asking.texts(field);
            return named(ids.isEmpty() ? List.of("0") : ids, asking.places()::experiment);
        });
    }

    public static Where experimentNames(String... fields) {
        return new Where(call("experiments by name", fields), asking -> asking.texts(fields).stream()
                .map(Target::experiment));
    }

    /** Runs, by both names of the field: a handler takes either. */
    public static Where runs(String... more) {
        String[] fields = Stream.concat(Stream.of("run_id", "run_uuid"), Arrays.stream(more))
                .toArray(String[]::new);
        return runsIn(fields);
    }

    /** Runs, by these fields alone. */
    public static Where runsIn(String... fields) {
        return ids("experiments of runs", fields, asking -> asking.places()::experimentOfRun);
    }

    /** As {@link #runsIn}; what is not there is nothing: the request may be about to create it. */
    public static Where knownRuns(String... fields) {
        return new Where(
                call("experiments of known runs", fields),
                asking -> known(asking.texts(fields), asking.places()::experimentOfRun));
    }

    /** The run that a tag names as the parent, wherever tags are. */
    public static Where parentRun() {
        String tag = "mlflow.parentRunId";
        return new Where("experiments of known runs(tag " + tag + ")", asking -> {
            Stream<String> ofList = asking.texts("tags[key=" + tag + "].value").stream();
            Stream<String> single = asking.texts("key").contains(tag) ? asking.texts("value").stream() : Stream.of();
            return known(Stream.concat(ofList, single).toList(), asking.places()::experimentOfRun);
        });
    }

    public static Where loggedModels(String... fields) {
        return ids("experiments of logged models", fields, asking -> asking.places()::experimentOfLoggedModel);
    }

    public static Where models(String... fields) {
        return new Where(
                call("models", fields), asking -> asking.texts(fields).stream().map(Target::model));
    }

    /** Artifacts are below the id of their experiment; what is elsewhere is the whole server's. */
    public static Where artifacts() {
        return new Where("experiments of artifacts(path)", asking -> {
            List<String> paths = asking.path("path").map(List::of).orElseGet(() -> asking.texts("path"));
            return named(
                    (paths.isEmpty() ? List.of("") : paths)
                            .stream().map(Sources::first).toList(),
                    asking.places()::experiment);
        });
    }

    /** Where an experiment wants its artifacts: with this server, a folder that is another experiment's or everybody's. */
    public static Where location(String field) {
        return new Where(
                "experiments of artifacts(" + field + ")",
                asking -> named(
                        asking.texts(field).stream().flatMap(Sources::served).toList(), asking.places()::experiment));
    }

    /** What a model version is made of: {@code runs:/ID/…}, {@code models:/NAME/…}, {@code models:/m-…}, artifacts. */
    public static Where source() {
        Where claims = runs().and(loggedModels("model_id"));
        return new Where(
                claims + " + source",
                asking -> Stream.concat(
                        claims.of(asking), asking.texts("source").stream().flatMap(text -> Sources.of(text, asking))));
    }

    /** Topics of events and targets of comments: {@code run:ID}, {@code experiment:ID}, {@code model:NAME}, … */
    public static Where topics(String field) {
        return new Where("topics(" + field + ")", asking -> asking.texts(field).stream()
                .flatMap(topic -> Topic.of(topic, asking.places())));
    }

    /** What a comment is on, by the comment's id. */
    public static Where comment(String field) {
        return new Where("comments(" + field + ")", asking -> asking.texts(field).stream()
                .flatMap(id -> asking.places()
                        .commentTarget(id)
                        .map(target -> Topic.of(target, asking.places()))
                        .orElseGet(() -> Stream.of(Target.SERVER))));
    }

    /** What a page shows, by its address. */
    public static Where page(String field) {
        return new Where("pages(" + field + ")", asking -> asking.texts(field).stream()
                .flatMap(page -> Topic.ofPage(page, asking.places())));
    }

    public Where and(Where other) {
        return new Where(this + " + " + other, asking -> Stream.concat(of(asking), other.of(asking)));
    }

    private static Where ids(
            String what, String[] fields, Function<Asking, Function<String, Optional<String>>> experimentOf) {
        return new Where(call(what, fields), asking -> named(asking.texts(fields), experimentOf.apply(asking)));
    }

    static Stream<Target> named(List<String> ids, Function<String, Optional<String>> experiment) {
        return ids.stream()
                .distinct()
                .map(id -> experiment.apply(id).map(Target::experiment).orElse(Target.SERVER));
    }

    private static Stream<Target> known(List<String> ids, Function<String, Optional<String>> experiment) {
        return ids.stream().distinct().flatMap(id -> experiment.apply(id).map(Target::experiment).stream());
    }

    private static String call(String what, String[] fields) {
        return what + "(" + String.join(", ", fields) + ")";
    }

    /** For the list of all routes. */
    @Override
    public String toString() {
        return shown;
    }
}
