package dev.millrace.registry.security.access;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/** What topics of events, targets of comments and addresses of pages are about. */
final class Topic {
    /** Pages that show each user what that user may see, or nothing of the registry. */
    private static final Set<String> OPEN = Set.of("", "experiments", "models", "drift", "settings");

    /** Of an address; a model's name may have 256 characters, percent-encoded up to twelve each. */
    private static final int LONGEST = 4_000;

    private Topic() {}

    /** {@code run:ID}, {@code experiment:ID}, {@code version:NAME/N}, {@code model:NAME}, {@code drift:NAME}; a kind alone is nothing. */
    static Stream<Target> of(String topic, Places places) {
        String[] parts = topic.replaceFirst("^comments:", "").split(":", 2);
        if (parts.length < 2) return Stream.of();
        return switch (parts[0]) {
            case "run" -> Stream.of(run(parts[1], places));
            case "experiment" -> Stream.of(experiment(parts[1], places));
            case "version" -> Stream.of(Target.model(parts[1].replaceFirst("(?s)/[^/]*$", "")));
            default -> Stream.of(Target.model(parts[1]));
        };
    }

    /** A page of a kind that is not known here is about the whole registry, as tables and lineage are. */
    static Stream<Target> ofPage(String address, Places places) {
        if (address.length() > LONGEST) return Stream.of(Target.SERVER);
        List<String> steps = steps(address);
        if (steps.isEmpty() || (steps.size() == 1 && OPEN.contains(steps.get(0)))) return Stream.of();
        if (steps.size() == 1) return Stream.of(Target.SERVER);
        return switch (steps.get(0)) {
            case "experiments" -> {
                List<Target> targets = new ArrayList<>(List.of(experiment(steps.get(1), places)));
                if (steps.size() > 3 && steps.get(2).equals("runs")) targets.add(run(steps.get(3), places));
                yield targets.stream();
            }
            case "models", "drift" -> Stream.of(Target.model(steps.get(1)));
            default -> Stream.of(Target.SERVER);
        };
    }

    private static List<String> steps(String address) {
        return Arrays.stream(address.replaceFirst("(?s)[?].*", "").split("/"))
                .filter(step -> !step.isEmpty())
                .map(Topic::decoded)
                .toList();
    }

    private static String decoded(String step) {
        try {
            return URLDecoder.decode(step.replace("+", "%2B"), StandardCharsets.UTF_8);
        } catch (IllegalArgumentException malformed) {
            return step; // as the pages do
        }
    }

    private static Target run(String id, Places places) {
        return target(places.experimentOfRun(id));
    }

    private static Target experiment(String id, Places places) {
        return target(places.experiment(id));
    }

    private static Target target(Optional<String> experiment) {
        return experiment.map(Target::experiment).orElse(Target.SERVER);
    }
}
