package dev.millrace.registry.security.access;

import com.fasterxml.jackson.databind.JsonNode;
import dev.millrace.registry.platform.error.ErrorKind;
import dev.millrace.registry.platform.error.MillraceException;
import dev.millrace.registry.platform.http.Bodies;
import dev.millrace.registry.platform.http.MlflowApi;
import dev.millrace.registry.platform.http.Query;
import dev.millrace.registry.platform.search.Page;
import dev.millrace.registry.security.audit.AuditEntry;
import dev.millrace.registry.security.audit.AuditQuery;
import dev.millrace.registry.security.audit.AuditService;
import io.javalin.config.RoutesConfig;
import io.javalin.http.Context;
import io.javalin.http.Cookie;
import io.javalin.http.SameSite;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** {@code /api/v1/me}, {@code session}, {@code users}, {@code tokens}, {@code audit}. */
public final class AccessRoutes {
    private static final int USUAL = 100;
    private static final int MOST = 1_000;
    private static final long MOST_DAYS = 3_650;

    private final boolean closed;
    private final AccessService access;
    private final AuditService audit;

    /** @param closed as in {@link Gate} */
    public AccessRoutes(boolean closed, AccessService access, AuditService audit) {
        this.closed = closed;
        this.access = access;
        this.audit = audit;
    }

    public void register(RoutesConfig routes) {
        routes.get("/api/v1/me", this::me, Rule.view(Where.NOTHING));
        routes.post("/api/v1/session", this::signIn, Rule.toAll());
        routes.delete("/api/v1/session", this::signOut, Rule.view(Where.NOTHING));
        routes.get(
                "/api/v1/users",
                http -> MlflowApi.answer(http, Map.of("users", access.users())),
                Rule.secret(Where.SERVER));
        routes.put("/api/v1/users/{name}", this::putUser, Rule.admin(Where.SERVER));
        routes.delete("/api/v1/users/{name}", this::deleteUser, Rule.admin(Where.SERVER));
        routes.get("/api/v1/tokens", this::tokens, Rule.view(Where.NOTHING));
        routes.post("/api/v1/tokens", this::createToken, Rule.edit(Where.NOTHING));
        routes.delete("/api/v1/tokens/{id}", this::revoke, Rule.edit(Where.NOTHING));
        routes.get("/api/v1/audit", this::audit, Rule.secret(Where.SERVER));
    }

    private void deleteUser(Context http) {
        access.delete(http.pathParam("name"), Gate.act(http));
        MlflowApi.answer(http, Map.of());
    }

    private void me(Context http) {
        Principal principal = Gate.of(http);
        Map<String, Object> answer = new LinkedHashMap<>();
        answer.put("authentication", closed);
        answer.put("user", principal.name());
        answer.put(
                "grants",
                principal.grants().stream()
                        .map(grant -> Map.of(
                                "role",
                                grant.role().word(),
                                "scope",
                                grant.scope().toString()))
                        .toList());
        answer.put("administrator", principal.may(Role.ADMIN, Target.SERVER));
        MlflowApi.answer(http, answer);
    }

    private void signIn(Context http) {
        String token = Bodies.json(http).path("token").asText("");
        Principal principal = access.holder(token)
                .orElseThrow(() ->
                        new MillraceException(ErrorKind.UNAUTHENTICATED, "This token is unknown, expired or revoked."));
        AccessService.Created session = access.openSession(principal);
        long seconds =
                (session.token().expiresAt().orElseThrow() - session.token().createdAt()) / 1000;
        http.cookie(new Cookie(
                Credentials.COOKIE,
                session.secret(),
                "/",
                (int) seconds,
                http.req().isSecure(),
                true,
                null,
                SameSite.STRICT));
        MlflowApi.answer(http, Map.of("user", principal.name()));
    }

    private void signOut(Context http) {
        Optional.ofNullable(http.cookie(Credentials.COOKIE)).ifPresent(access::closeSession);
        http.removeCookie(Credentials.COOKIE, "/");
        MlflowApi.answer(http, Map.of());
    }

    private void putUser(Context http) {
        List<Grant> grants = new ArrayList<>();
        JsonNode given = Bodies.json(http).path("grants");
        if (!given.isArray()) throw MillraceException.invalid("`grants` must be a list of {role, scope}.");
        for (JsonNode grant : given) {
            grants.add(
                    Grant.of(grant.path("role").asText(""), grant.path("scope").asText("")));
        }
        MlflowApi.answer(http, access.put(http.pathParam("name"), grants, Gate.act(http)));
    }

    private void tokens(Context http) {
        Principal principal = Gate.of(http);
        boolean all = "true".equals(http.queryParam("all"));
        if (all && !principal.may(Role.ADMIN, Target.SERVER)) {
            throw new MillraceException(ErrorKind.FORBIDDEN, "Only an administrator sees everybody's tokens.");
        }
        MlflowApi.answer(http, Map.of("tokens", access.tokens(all ? Optional.empty() : Optional.of(principal.name()))));
    }

    private void createToken(Context http) {
        JsonNode body = Bodies.json(http);
        Principal principal = Gate.of(http);
        String user = body.path("user").asText(principal.name());
        if (!user.equals(principal.name()) && !principal.may(Role.ADMIN, Target.SERVER)) {
            throw new MillraceException(ErrorKind.FORBIDDEN, "Only an administrator makes tokens for others.");
        }
        AccessService.Created created =
                access.createToken(user, body.path("name").asText(""), lifetime(body), Gate.act(http));
        MlflowApi.answer(http, Map.of("token", created.token(), "secret", created.secret()));
    }

    private static Optional<Duration> lifetime(JsonNode body) {
        JsonNode days = body.path("lifetime_days");
        if (days.isMissingNode() || days.isNull()) return Optional.empty();
        if (days.isIntegralNumber() && days.asLong() > 0 && days.asLong() <= MOST_DAYS) {
            return Optional.of(Duration.ofDays(days.asLong()));
        }
        throw MillraceException.invalid("`lifetime_days` must be a whole number from 1 to " + MOST_DAYS + ".");
    }

    private void revoke(Context http) {
        String id = http.pathParam("id");
        if (!id.matches("[0-9]{1,18}")) throw MillraceException.notFound("You have no token " + id + ".");
        access.revoke(Long.parseLong(id), Gate.of(http), Gate.act(http));
        MlflowApi.answer(http, Map.of());
    }

    private void audit(Context http) {
        Query query = Query.of(http, "user", "target", "from", "to", "max_results", "page_token");
        AuditQuery asked =
                new AuditQuery(query.text("user"), query.text("target"), query.time("from"), query.time("to"));
        Page<AuditEntry> page = audit.page(asked, query.maxResults(USUAL, MOST), query.text("page_token"));
        Map<String, Object> answer = new LinkedHashMap<>();
        answer.put("entries", page.items());
        page.nextPageToken().ifPresent(token -> answer.put("next_page_token", token));
        MlflowApi.answer(http, answer);
    }
}
