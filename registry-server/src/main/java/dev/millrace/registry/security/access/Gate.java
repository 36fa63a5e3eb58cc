package dev.millrace.registry.security.access;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.millrace.registry.platform.error.ErrorKind;
import dev.millrace.registry.platform.error.MillraceException;
import dev.millrace.registry.platform.http.Mentioned;
import dev.millrace.registry.platform.http.RequestIds;
import dev.millrace.registry.platform.http.StrictJson;
import dev.millrace.registry.platform.naming.Excerpt;
import io.javalin.config.RoutesConfig;
import io.javalin.http.Context;
import io.javalin.http.HandlerType;
import io.javalin.router.Endpoint;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * Stands before every route of every prefix: says who asks, whether they may ({@link Rules}), hides in lists what they
 * may not see, and records what was changed. Deny by default: a route without a rule answers nobody.
 */
public final class Gate {
    private static final String WHO = "millrace.principal";
    private static final String RULE = "millrace.rule";
    private static final Set<String> SECRETS = Set.of("token", "secret", "password");
    private static final int DETAIL = 200;

    private final boolean closed;
    private final Credentials credentials;
    private final AuditService audit;
    private final Places places;
    private final Clock clock;

    /** @param closed whether everybody has to say who they are */
    public Gate(boolean closed, AccessService access, AuditService audit, Places places, Clock clock) {
        this.closed = closed;
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

    /** Whether who asks may do everything. */
    public static boolean isAdministrator(Context http) {
        return of(http).may(Role.ADMIN, Target.SERVER);
    }

    /** The key of the route that answers: verb and path, MLflow's without its prefix. */
    public static String key(Context http) {
        Endpoint matched = http.endpoints().matchedHttpEndpoint();
        return Rules.key(http.method().name(), matched == null ? http.path() : matched.path);
    }

    private void enter(Context http) {
        if (isHeadOnly(http)) {
            requireSomebody(http);
            return;
        }
        Rule rule = Rules.of(key(http))
                .orElseThrow(() -> new MillraceException(
                        ErrorKind.FORBIDDEN, "There is no rule who may call " + key(http) + ", so nobody may."));
        if (rule.open()) return;
        Principal principal = closed ? credentials.require(http) : Principal.ANYONE;
        http.attribute(WHO, principal);
        http.attribute(RULE, rule);
        if (principal.may(rule.role(), Target.SERVER)) return;
        Asking asking = new Asking(new Mentioned(http), places);
        for (Target target : rule.where().of(asking)) require(principal, rule.role(), target);
        for (Target target : rule.seen().of(asking)) require(principal, Role.VIEWER, target);
    }

    /** Javalin itself answers HEAD where there is a GET: with nothing, and without asking a handler. */
    private static boolean isHeadOnly(Context http) {
        return http.method().equals(HandlerType.HEAD) && http.endpoints().matchedHttpEndpoint() == null;
    }

    private void requireSomebody(Context http) {
        boolean isOpen = Rules.of(key(http)).map(Rule::open).orElse(false);
        if (closed && !isOpen) credentials.require(http);
    }

    private static void require(Principal principal, Role role, Target target) {
        if (principal.may(role, target)) return;
        throw new MillraceException(
                ErrorKind.FORBIDDEN,
                "Permission denied: `" + principal.name() + "` is not " + role.word() + " of " + target.told()
                        + ". An administrator of this registry can grant that.");
    }

    private void leave(Context http) {
        Rule rule = http.attribute(RULE);
        if (rule == null) return;
        rule.hides().ifPresent(hides -> hide(http, hides));
        if (rule.audited()) record(http, rule);
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

    private void record(Context http, Rule rule) {
        Asking asking = new Asking(new Mentioned(http), places);
        List<Target> targets = rule.where().of(asking);
        audit.add(new AuditEntry(
                0,
                clock.millis(),
                of(http).name(),
                key(http),
                targets.isEmpty() ? "*" : scope(targets.get(0)),
                StrictJson.text(detail(http, asking)),
                http.statusCode(),
                RequestIds.of(http),
                http.ip()));
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
        http.pathParamMap().forEach((name, value) -> detail.put(name, cut(value)));
        asking.mentioned().body().properties().forEach(field -> {
            if (SECRETS.contains(field.getKey())) return;
            JsonNode value = field.getValue();
            detail.put(field.getKey(), cut(value.isValueNode() ? value.asText() : value.toString()));
        });
        return detail;
    }

    private static String cut(String text) {
        return text.length() <= DETAIL ? text : Excerpt.of(text, DETAIL) + "…";
    }
}
