package dev.millrace.registry.security.access;

import dev.millrace.registry.platform.error.MillraceException;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/** What a user may do with what a grant names. Each role may do all that the ones before it may. */
public enum Role {
    /** Read. */
    VIEWER,
    /** Record runs, register models, change and soft-delete what belongs to them. */
    EDITOR,
    /** Move stages and aliases, delete versions: decide what is in use. */
    APPROVER,
    /** Delete models for good, manage users, tokens and webhooks, read the audit. */
    ADMIN;

    /** As users write it. */
    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** @throws MillraceException USAGE */
    static Role of(String word) {
        return Arrays.stream(values())
                .filter(role -> role.word().equals(word))
                .findFirst()
                .orElseThrow(() -> MillraceException.invalid("`" + word + "` is no role. Roles are: "
                        + String.join(", ", List.of("viewer", "editor", "approver", "admin")) + "."));
    }

    boolean includes(Role needed) {
        return compareTo(needed) >= 0;
    }
}
