package dev.millrace.registry.security.access;

import dev.millrace.registry.platform.search.Narrowing;
import dev.millrace.registry.platform.search.OrderPart;
import dev.millrace.registry.platform.search.Page;
import dev.millrace.registry.platform.search.Search;
import dev.millrace.registry.platform.search.SearchSchema;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jdbi.v3.core.Handle;

/** SQL of the audit: rows are added, never changed. */
final class AuditRepository {
    static final SearchSchema SCHEMA =
            new SearchSchema(Map.of(), Map.of(), Map.of(), Map.of(), List.of(new OrderPart("a.id", true)), List.of());

    /** What is asked for; absent: any. Times are epoch milliseconds, {@code to} excluded. */
    record Asked(Optional<String> user, Optional<String> target, Optional<Long> from, Optional<Long> to) {}

    void add(Handle tx, AuditEntry entry) {
        tx.createUpdate(
                        """
                        INSERT INTO audit (at, user_name, action, target, detail, status, request_id, address)
                        VALUES (:at, :user, :action, :target, :detail, :status, :request, :address)""")
                .bind("at", entry.at())
                .bind("user", entry.user())
                .bind("action", entry.action())
                .bind("target", entry.target())
                .bind("detail", entry.detail())
                .bind("status", entry.status())
                .bind("request", entry.requestId())
                .bind("address", entry.address())
                .execute();
    }

    Page<AuditEntry> page(Handle tx, Search search, Asked asked) {
        Narrowing narrowing = new Narrowing("a.at >= :from AND a.at < :to")
                .bind("from", asked.from().orElse(0L))
                .bind("to", asked.to().orElse(Long.MAX_VALUE))
                .and("a.user_name", "user", asked.user())
                .and("a.target", "target", asked.target());
        return search.page(
                tx,
                "a.id, a.at, a.user_name, a.action, a.target, a.detail, a.status, a.request_id, a.address",
                "audit a",
                narrowing.where(),
                narrowing.bound(),
                (row, context) -> new AuditEntry(
                        row.getLong("id"),
                        row.getLong("at"),
                        row.getString("user_name"),
                        row.getString("action"),
                        row.getString("target"),
                        row.getString("detail"),
                        row.getInt("status"),
                        row.getString("request_id"),
                        row.getString("address")));
    }
}
