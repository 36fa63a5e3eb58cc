package dev.millrace.registry.security.access;

import java.util.List;
import java.util.Map;

/** A user as the API answers it. Times are epoch milliseconds. */
record User(String name, long createdAt, List<Map<String, String>> grants) {
    static User of(String name, long createdAt, List<Grant> grants) {
        return new User(
                name,
                createdAt,
                grants.stream()
                        .map(grant -> Map.of(
                                "role",
                                grant.role().word(),
                                "scope",
                                grant.scope().toString()))
                        .toList());
    }
}
