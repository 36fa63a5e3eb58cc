package dev.millrace.registry.security.audit;

import java.util.Optional;

/** Which entries to show; absent: any. Times are epoch milliseconds, {@code to} excluded. */
public record AuditQuery(Optional<String> user, Optional<String> target, Optional<Long> from, Optional<Long> to) {}
