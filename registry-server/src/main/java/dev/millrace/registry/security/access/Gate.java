package dev.millrace.registry.security.access;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.millrace.registry.platform.error.ErrorKind;
import dev.millrace.registry.platform.error.MillraceException;
import dev.millrace.registry.platform.http.Mentioned;
import dev.millrace.registry.platform.http.RequestIds;
import dev.millrace.registry.platform.http.SafePath;
import dev.millrace.registry.platform.http.StrictJson;
import dev.millrace.registry.security.audit.Act;
import dev.millrace.registry.security.audit.AuditService;
import io.javalin.config.RoutesConfig;
import io.javalin.http.Context;
import io.javalin.http.HandlerType;
import io.javalin.router.Endpoint;
import io.javalin.router.InternalRouter;
import io.javalin.router.ParsedEndpoint;
import io.javalin.security.Roles;
import io.javalin.security.RouteRole;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * Stands before every route of every prefix: says who asks, whether they may (the route's own {@link Rule}), hides in
 * lists what they may not see, and records what was changed. Deny by default: a route without a rule answers nobody.
 */
public final class Gate {
    private static final String WHO = "millrace.principal";
    private static final String RULE = "millrace.rule";
    private static final String ACT = "millrace.act";
    /** Items of a list that an entry of the audit shows. */
    private static final int MOST_SHOWN = 20;

    private static final Set<String> SECRETS = Set.of("token", "secret", "password");
    private static final Pattern PREFIX = Pattern.compile("^/(?:ajax-)?api/2\\.0/mlflow/");

    private final boolean closed;
    private final Credentials credentials;
    private final AuditService audit;
    private final Places places;
    private final Clock clock;
    private final InternalRouter router;

    /**
     * @param closed whether everybody has to say who they are
     * @param router where the routes are
     */
    public Gate(
            boolean closed,
            AccessService access,
            AuditService audit,
            Places places,
            Clock clock,
            InternalRouter router) {
        this.closed = closed;
        this.router = router;
        this.credentials = new Credentials(access);
        this.audit = audit;
        this.places = places;
        this.clock = clock;
    }

    public void register(RoutesConfig routes) {
        routes.beforeMatched(this::enter);
        routes.afterMatched(this::leave);
    }

    /** Who asks; set for every route but those that are open to all. */
    static Principal of(Context http) {
        Principal principal = http.attribute(WHO);
        return principal == null ? Principal.ANYONE : principal;
    }

    /** The name of who asks; {@code -} on a server without authentication. */
    public static String user(Context http) {
        return of(http).name();
    }

    /** What the request of an audited route does; the service that does it records it. */
    public static Act act(Context http) {
        Act act = http.attribute(ACT);
        if (act == null) throw new IllegalStateException("No rule has it audited: " + action(http));
        return act;
    }

    /** Whether who asks may do everything. */
    public static boolean isAdministrator(Context http) {
        return of(http).may(Role.ADMIN, Target.SERVER);
    }

    /** Verb and path of the route that answers, MLflow's without its prefix. */
    private static String action(Context http) {
        Endpoint matched = http.endpoints().matchedHttpEndpoint();
        String path = matched == null ? http.path() : matched.path;
        return http.method().name() + " "
                + PREFIX.matcher(path).replaceFirst("").replaceFirst("^/(ajax-)?api/2.0/mlflow-artifacts/", "proxy/");
    }

    private void enter(Context http) {
        Route route = route(http);
        Rule rule = Rule.among(route.roles)
                .orElseThrow(() -> new MillraceException(
                        ErrorKind.FORBIDDEN, "There is no rule who may call " + action(http) + ", so nobody may."));
        if (rule.open()) {
            if (isByItself(http)) route.path.values().forEach(SafePath::require); // as the handler would
            return;
        }
        Principal principal = closed ? credentials.require(http) : Principal.ANYONE;
        http.attribute(WHO, principal);
        http.attribute(RULE, rule);
        Asking asking = new Asking(new Mentioned(http, route.path), places);
        if (rule.audited()) http.attribute(ACT, act(http, rule, asking)); // with names as they are before it
        if (principal.may(rule.role(), rule.level(), Target.SERVER)) return;
        if (rule.changes() && !principal.limits().allowSomewhere(rule.level())) throw tooNarrow(principal);
        rule.where().of(asking).forEach(target -> require(principal, rule.role(), rule.level(), target));
        rule.seen().of(asking).forEach(target -> require(principal, Role.VIEWER, Role.VIEWER, target));
    }

    /** What a request reaches: the roles of its route, and the values in its path. */
    private record Route(Set<RouteRole> roles, Map<String, String> path) {}

    /** Javalin itself answers HEAD where there is a GET, with nothing and without asking a handler: GET's rule holds. */
    private Route route(Context http) {
        if (!isByItself(http)) return new Route(http.routeRoles(), http.pathParamMap());
        ParsedEndpoint twin = router.findFirstHttpHandlerEntry(HandlerType.GET, http.path());
        if (twin == null) return new Route(Set.of(), Map.of());
        Roles roles = twin.endpoint.metadata(Roles.class);
        return new Route(roles == null ? Set.of() : roles.getRoles(), twin.extractPathParams(http.path()));
    }

    private static boolean isByItself(Context http) {
        return http.method().equals(HandlerType.HEAD) && http.endpoints().matchedHttpEndpoint() == null;
    }

    private static void require(Principal principal, Role role, Role level, Target target) {
        if (principal.may(role, level, target)) return;
        if (!principal.limits().allow(level, target)) throw tooNarrow(principal);
        throw new MillraceException(
                ErrorKind.FORBIDDEN,
                "Permission denied: `" + principal.name() + "` is not " + role.word() + " of " + target.told()
                        + ". An administrator of this registry can grant that.");
    }

    private static MillraceException tooNarrow(Principal principal) {
        return new MillraceException(
                ErrorKind.FORBIDDEN,
                "Permission denied: the token of `" + principal.name() + "` has only the scopes "
                        + principal.limits().shown() + ". Use a token whose scopes include this call.");
    }

    private void leave(Context http) {
        Rule rule = http.attribute(RULE);
        if (rule == null) return;
        rule.hides().ifPresent(hides -> hide(http, hides));
        boolean isForbidden = http.statusCode() == 403 && rule.changes();
        boolean isRefused = http.statusCode() >= 400 && rule.audited(); // what was done, its service has recorded
        if (isForbidden || isRefused) audit.refused(actOrNew(http, rule), http.statusCode());
    }

    /** A page may get shorter than asked for; its token leads on all the same. */
    private static void hide(Context http, Rule.Hides hides) {
        Principal principal = of(http);
        if (principal.seesAll() || http.statusCode() != 200) return;
        JsonNode answer = StrictJson.tree(http.result());
        if (!(answer instanceof ObjectNode whole) || !whole.path(hides.list()).isArray()) return;
        List<JsonNode> visible = new ArrayList<>();
        for (JsonNode item : whole.path(hides.list())) {
            Target target = new Target(hides.kind(), item.path(hides.name()).asText());
            if (principal.may(Role.VIEWER, target)) visible.add(item);
        }
        if (visible.isEmpty()) whole.remove(hides.list());
        else whole.putArray(hides.list()).addAll(visible);
        http.result(StrictJson.bytes(whole));
    }

    private Act actOrNew(Context http, Rule rule) {
        Act act = http.attribute(ACT);
        return act != null ? act : act(http, rule, new Asking(new Mentioned(http), places));
    }

    private Act act(Context http, Rule rule, Asking asking) {
        return new Act(
                of(http).name(),
                action(http),
                rule.where().of(asking).findFirst().map(Gate::scope).orElse("*"),
                detail(http, asking),
                RequestIds.of(http),
                http.ip(),
                clock.millis());
    }

    /** Of a long list only how long it is: written out, ten thousand rows of drift would take megabytes to be cut. */
    private static String shown(JsonNode value) {
        if (value.isValueNode()) return value.asText();
        return value.size() > MOST_SHOWN ? value.size() + " items" : value.toString();
    }

    private static String scope(Target target) {
        return switch (target.kind()) {
            case SERVER -> "*";
            case EXPERIMENT -> "experiment:" + target.name();
            case MODEL -> "model:" + target.name();
        };
    }

    private static ObjectNode detail(Context http, Asking asking) {
        ObjectNode detail = JsonNodeFactory.instance.objectNode();
        http.pathParamMap().forEach((name, value) -> detail.put(name, Act.shortened(value)));
        asking.mentioned().body().properties().forEach(field -> {
            if (SECRETS.contains(field.getKey())) return;
            JsonNode value = field.getValue();
            detail.put(field.getKey(), Act.shortened(shown(value)));
        });
        return detail;
    }
}
