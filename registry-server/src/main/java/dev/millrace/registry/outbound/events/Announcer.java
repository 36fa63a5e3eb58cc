package dev.millrace.registry.outbound.events;

import dev.millrace.registry.platform.http.Mentioned;
import dev.millrace.registry.security.access.Gate;
import io.javalin.config.RoutesConfig;
import io.javalin.http.Context;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Function;

/** After each successful change: which topics it touched. One place for all routes, as the gate is. */
public final class Announcer {
    private final EventHub hub;
    private final Function<String, String> experimentIdOfRun;

    /** @param experimentIdOfRun throws when there is no such run */
    public Announcer(EventHub hub, Function<String, String> experimentIdOfRun) {
        this.hub = hub;
        this.experimentIdOfRun = experimentIdOfRun;
    }

    public void register(RoutesConfig routes) {
        routes.afterMatched(this::announce);
    }

    private void announce(Context http) {
        if (hub.isIdle() || http.statusCode() >= 300) return;
        String key = Gate.key(http);
        if (key.startsWith("GET ") || key.matches(".*/(search|search-datasets|get-latest-versions)")) return;
        topics(key, new Mentioned(http)).forEach(hub::publish);
    }

    private Set<String> topics(String key, Mentioned mentioned) {
        Set<String> topics = new LinkedHashSet<>();
        List<String> runs = mentioned.texts("run_id", "run_uuid");
        runs.forEach(run -> topics.add("run:" + run));
        if (key.contains(" runs/")) topics.add("runs");
        if (key.equals("POST runs/create")) {
            List<String> ids = mentioned.texts("experiment_id");
            topics.add("experiment:" + (ids.isEmpty() ? "0" : ids.get(0)));
        } else if (key.contains(" runs/") && hub.isWaitedFor("experiment")) {
            runs.forEach(run -> topics.add("experiment:" + experimentIdOfRun.apply(run)));
        }
        if (key.contains(" experiments/")) {
            topics.add("experiments");
            mentioned.texts("experiment_id").forEach(id -> topics.add("experiment:" + id));
        }
        if (key.contains(" registered-models/") || key.contains(" model-versions/")) {
            topics.add("models");
            mentioned.texts("name", "new_name").forEach(name -> topics.add("model:" + name));
        }
        if (key.startsWith("PUT /api/v1/drift/")) {
            topics.add("drift");
            mentioned.path("model").ifPresent(model -> topics.add("drift:" + model));
        }
        return topics;
    }
}
