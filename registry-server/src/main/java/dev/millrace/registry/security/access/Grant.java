package dev.millrace.registry.security.access;

/** A role on what a scope covers. */
record Grant(Role role, Scope scope) {
    /** @throws dev.millrace.registry.platform.error.MillraceException USAGE */
    static Grant of(String role, String scope) {
        return new Grant(Role.of(role), Scope.parse(scope));
    }
}
