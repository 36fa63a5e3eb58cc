package dev.millrace.registry.security.access;

import java.util.List;
import java.util.Optional;

/**
 * Who makes a request.
 *
 * @param name of the user; {@code -} on a server without authentication
 * @param grants of the user
 * @param token by which; empty on a server without authentication
 * @param limits of the token
 */
record Principal(String name, List<Grant> grants, Optional<Long> token, Limits limits) {
    /** Whoever reaches a server that trusts whoever reaches it. */
    static final Principal ANYONE = new Principal("-", List.of(Grant.of("admin", "*")), Optional.empty(), Limits.NONE);

    Principal {
        grants = List.copyOf(grants);
    }

    boolean may(Role needed, Target target) {
        return may(needed, needed, target);
    }

    /** @param level what the token must allow, where that is more than the user's role need be */
    boolean may(Role needed, Role level, Target target) {
        return limits.allow(level, target)
                && grants.stream()
                        .anyMatch(grant ->
                                grant.role().includes(needed) && grant.scope().covers(target));
    }

    /** Whether nothing has to be hidden from this user. */
    boolean seesAll() {
        return may(Role.VIEWER, Target.SERVER);
    }

    /** Whether the token may less than its user; one of its user's others is then none of its business. */
    boolean isNarrowed() {
        return !limits.scopes().isEmpty();
    }
}
