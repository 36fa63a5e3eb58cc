package dev.millrace.registry.outbound.events;

import dev.millrace.registry.platform.http.Mentioned;
import dev.millrace.registry.platform.http.Topics;
import io.javalin.config.RoutesConfig;
import io.javalin.http.Context;
import io.javalin.security.RouteRole;
import java.util.Optional;
import java.util.function.Function;

/**
 * After each successful call, publishes the topics that its route declares. Who follows an experiment follows its runs.
 */
public final class Announcer {
    private static final String RUN = "run:";
    private static final String EXPERIMENT = "experiment";

    private final EventHub hub;
    private final Function<String, Optional<String>> experimentIdOfRun;

    /** @param experimentIdOfRun empty when there is no such run */
    public Announcer(EventHub hub, Function<String, Optional<String>> experimentIdOfRun) {
        this.hub = hub;
        this.experimentIdOfRun = experimentIdOfRun;
    }

    public void register(RoutesConfig routes) {
        routes.afterMatched(this::announce);
    }

    private void announce(Context http) {
        if (hub.isIdle() || http.statusCode() >= 300) return;
        for (RouteRole role : http.routeRoles()) {
            if (role instanceof Topics topics) topics.of(new Mentioned(http)).forEach(this::publish);
        }
    }

    private void publish(String topic) {
        hub.publish(topic);
        if (!topic.startsWith(RUN) || !hub.isWaitedFor(EXPERIMENT)) return;
        experimentIdOfRun
                .apply(topic.substring(RUN.length()))
                .ifPresent(experiment -> hub.publish(EXPERIMENT + ":" + experiment));
    }
}
