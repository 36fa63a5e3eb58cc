package dev.millrace.registry.security.access;

import java.util.List;
import java.util.stream.Collectors;

/** A role on what a scope covers. */
record Grant(Role role, Scope scope) {
    /** @throws dev.millrace.registry.platform.error.MillraceException USAGE */
    static Grant of(String role, String scope) {
        return new Grant(Role.of(role), Scope.parse(scope));
    }

    /** For the audit: {@code editor=experiment:fraud*, viewer=*}. */
    static String text(List<Grant> grants) {
        return grants.stream()
                .map(grant -> grant.role().word() + "=" + grant.scope())
                .collect(Collectors.joining(", "));
    }
}
