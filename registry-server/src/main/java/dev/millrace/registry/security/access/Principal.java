package dev.millrace.registry.security.access;

import java.util.List;

/**
 * Who makes a request.
 *
 * @param name of the user; {@code -} on a server without authentication
 */
record Principal(String name, List<Grant> grants) {
    /** Whoever reaches a server that trusts whoever reaches it. */
    static final Principal ANYONE = new Principal("-", List.of(Grant.of("admin", "*")));

    Principal {
        grants = List.copyOf(grants);
    }

    boolean may(Role needed, Target target) {
        return grants.stream()
                .anyMatch(
                        grant -> grant.role().includes(needed) && grant.scope().covers(target));
    }

    /** Whether nothing has to be hidden from this user. */
    boolean seesAll() {
        return may(Role.VIEWER, Target.SERVER);
    }
}
