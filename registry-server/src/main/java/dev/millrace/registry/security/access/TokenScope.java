package dev.millrace.registry.security.access;

import dev.millrace.registry.platform.error.MillraceException;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A limit of a token: what it may at most do, and with what. {@code LEVEL}, {@code LEVEL:PLACE} or {@code endpoints};
 * LEVEL is read, write, approve or admin, PLACE is experiments, models, {@code experiment:NAME} or {@code model:NAME},
 * where NAME may end in {@code *}.
 *
 * @param role the level; empty for {@code endpoints}, which allow nothing here
 */
record TokenScope(Optional<Role> role, Scope scope) {
    private static final String ENDPOINTS = "endpoints";
    private static final Pattern FORM = Pattern.compile("(read|write|approve|admin)(?::(.+))?", Pattern.DOTALL);

    /** @throws MillraceException USAGE */
    static TokenScope parse(String text) {
        if (text.equals(ENDPOINTS)) return new TokenScope(Optional.empty(), Scope.parse("*"));
        Matcher form = FORM.matcher(text);
        if (!form.matches()) throw invalid(text);
        return new TokenScope(Optional.of(role(form.group(1))), place(text, form.group(2)));
    }

    private static Scope place(String text, String place) {
        if (place == null) return Scope.parse("*");
        if (place.equals("experiments")) return Scope.parse("experiment:*");
        if (place.equals("models")) return Scope.parse("model:*");
        if (!place.matches("(?s)(experiment|model):.{1,500}")) throw invalid(text);
        return Scope.parse(place);
    }

    private static Role role(String level) {
        return switch (level) {
            case "read" -> Role.VIEWER;
            case "write" -> Role.EDITOR;
            case "approve" -> Role.APPROVER;
            default -> Role.ADMIN;
        };
    }

    private static String level(Role role) {
        return switch (role) {
            case VIEWER -> "read";
            case EDITOR -> "write";
            case APPROVER -> "approve";
            case ADMIN -> "admin";
        };
    }

    private static MillraceException invalid(String text) {
        return MillraceException.invalid(
                "`" + text + "` is not a scope of a token. Valid: `endpoints`; `read`, `write`,"
                        + " `approve` or `admin`, alone or with `:experiments`, `:models`, `:experiment:NAME` or `:model:NAME`;"
                        + " NAME may end in `*`.");
    }

    boolean allows(Role needed, Target target) {
        return role.filter(own -> own.includes(needed)).isPresent() && scope.covers(target);
    }

    /** Whether everything that the other allows is allowed by this. */
    boolean includes(TokenScope other) {
        if (role.isEmpty() || other.role.isEmpty()) return role.equals(other.role) || mayAll();
        return role.get().includes(other.role.get()) && scope.includes(other.scope);
    }

    private boolean mayAll() {
        return role.filter(Role.ADMIN::equals).isPresent() && scope.kind().isEmpty();
    }

    @Override
    public String toString() {
        if (role.isEmpty()) return ENDPOINTS;
        String level = level(role.get());
        return switch (scope.toString()) {
            case "*" -> level;
            case "experiment:*" -> level + ":experiments";
            case "model:*" -> level + ":models";
            default -> level + ":" + scope;
        };
    }
}
