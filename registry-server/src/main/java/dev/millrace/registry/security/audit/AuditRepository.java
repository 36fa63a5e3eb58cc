package dev.millrace.registry.security.audit;

import dev.millrace.registry.platform.search.Narrowing;
import dev.millrace.registry.platform.search.OrderPart;
import dev.millrace.registry.platform.search.Page;
import dev.millrace.registry.platform.search.Search;
import dev.millrace.registry.platform.search.SearchSchema;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.result.ResultIterator;

/** SQL of the audit: rows are added, never changed. */
final class AuditRepository {
    static final SearchSchema SCHEMA =
            new SearchSchema(Map.of(), Map.of(), Map.of(), Map.of(), List.of(new OrderPart("a.id", true)), List.of());

    private static final String COLUMNS =
            "a.id, a.at, a.user_name, a.action, a.target, a.detail, a.status, a.request_id, a.address";
    /** Rows that PostgreSQL sends at once. */
    private static final int FETCH = 1_000;

    /** A row of the table; without a digest it is from before there was a chain. */
    record Stored(AuditEntry entry, Optional<String> digest) {}

    /** How far the chain goes, and the last id that is not part of it; 0 when all are. */
    record Chain(long beforeId, ChainHead head) {}

    /**
     * Adds an entry to the end of the chain. The head is written first, which on PostgreSQL makes whoever else adds wait; what
     * is hashed is what the database has stored.
     */
    void append(Handle tx, AuditEntry entry) {
        tx.execute("UPDATE audit_head SET entries = entries + 1 WHERE id = 1");
        ChainHead counted = chain(tx).head();
        long id = insert(tx, entry);
        AuditEntry stored = tx.createQuery("SELECT " + COLUMNS + " FROM audit a WHERE a.id = :id")
                .bind("id", id)
                .map((row, context) -> entry(row))
                .one();
        String digest = new ChainHead(counted.entries() - 1, counted.digest())
                .and(stored)
                .digest();
        tx.createUpdate("UPDATE audit SET digest = :digest WHERE id = :id")
                .bind("digest", digest)
                .bind("id", id)
                .execute();
        tx.createUpdate("UPDATE audit_head SET digest = :digest WHERE id = 1")
                .bind("digest", digest)
                .execute();
    }

    private static long insert(Handle tx, AuditEntry entry) {
        return tx.createUpdate(
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
                .executeAndReturnGeneratedKeys("id")
                .mapTo(Long.class)
                .one();
    }

    Chain chain(Handle tx) {
        return tx.createQuery("SELECT before_id, entries, digest FROM audit_head WHERE id = 1")
                .map((row, context) -> new Chain(
                        row.getLong("before_id"), new ChainHead(row.getLong("entries"), row.getString("digest"))))
                .findOne()
                .orElse(new Chain(0, ChainHead.NONE));
    }

    /** All rows, the oldest first, as they come: there may be millions. Close it. */
    ResultIterator<Stored> rows(Handle tx) {
        return tx.createQuery("SELECT " + COLUMNS + ", a.digest FROM audit a ORDER BY a.id")
                .setFetchSize(FETCH)
                .map((row, context) -> new Stored(entry(row), Optional.ofNullable(row.getString("digest"))))
                .iterator();
    }

    Page<AuditEntry> page(Handle tx, Search search, AuditQuery asked) {
        Narrowing narrowing = new Narrowing("a.at >= :from AND a.at < :to")
                .bind("from", asked.from().orElse(0L))
                .bind("to", asked.to().orElse(Long.MAX_VALUE))
                .and("a.user_name", "user", asked.user())
                .and("a.target", "target", asked.target());
        return search.page(tx, COLUMNS, "audit a", narrowing.where(), narrowing.bound(), (row, context) -> entry(row));
    }

    private static AuditEntry entry(ResultSet row) throws SQLException {
        return new AuditEntry(
                row.getLong("id"),
                row.getLong("at"),
                row.getString("user_name"),
                row.getString("action"),
                row.getString("target"),
                row.getString("detail"),
                row.getInt("status"),
                row.getString("request_id"),
                row.getString("address"));
    }
}
