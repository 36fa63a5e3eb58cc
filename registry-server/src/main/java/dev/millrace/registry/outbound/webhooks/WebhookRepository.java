package dev.millrace.registry.outbound.webhooks;

import dev.millrace.registry.platform.search.Attribute;
import dev.millrace.registry.platform.search.OrderPart;
import dev.millrace.registry.platform.search.Page;
import dev.millrace.registry.platform.search.Search;
import dev.millrace.registry.platform.search.SearchSchema;
import dev.millrace.registry.platform.storage.TagTable;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.PreparedBatch;
import org.jdbi.v3.core.statement.StatementContext;

/** SQL of webhooks. */
final class WebhookRepository {
    /** Newest first; nothing can be filtered. */
    static final SearchSchema SCHEMA = new SearchSchema(
            Map.<String, Attribute>of(),
            Map.of(),
            Map.of(),
            Map.of(),
            List.of(new OrderPart("w.created_at", true), new OrderPart("w.id", true)),
            List.of());

    private static final String COLUMNS =
            "w.id, w.webhook_id, w.name, w.description, w.url, w.secret, w.status, w.created_at, w.updated_at";

    /**
     * A webhook, the small id its events refer to, and its secret.
     *
     * @param secret encrypted
     */
    record Stored(long id, Webhook webhook, Optional<String> secret) {}

    void insert(Handle tx, Webhook webhook, Optional<String> secret) {
        long id = tx.createUpdate(
                        """
                        INSERT INTO webhooks (webhook_id, name, description, url, secret, status, created_at, updated_at)
                        VALUES (:webhook, :name, :description, :url, :secret, :status, :created, :updated)""")
                .bind("webhook", webhook.webhookId())
                .bind("name", webhook.name())
                .bind("description", webhook.description().orElse(null))
                .bind("url", webhook.url())
                .bind("secret", secret.orElse(null))
                .bind("status", webhook.status())
                .bind("created", webhook.creationTimestamp())
                .bind("updated", webhook.lastUpdatedTimestamp())
                .executeAndReturnGeneratedKeys("id")
                .mapTo(Long.class)
                .one();
        addEvents(tx, id, webhook.events());
    }

    void update(Handle tx, Stored stored) {
        Webhook webhook = stored.webhook();
        tx.createUpdate(
                        """
                        UPDATE webhooks SET name = :name, description = :description, url = :url, secret = :secret,
                          status = :status, updated_at = :updated WHERE id = :id""")
                .bind("name", webhook.name())
                .bind("description", webhook.description().orElse(null))
                .bind("url", webhook.url())
                .bind("secret", stored.secret().orElse(null))
                .bind("status", webhook.status())
                .bind("updated", webhook.lastUpdatedTimestamp())
                .bind("id", stored.id())
                .execute();
        deleteEvents(tx, stored.id());
        addEvents(tx, stored.id(), webhook.events());
    }

    void delete(Handle tx, long id) {
        deleteEvents(tx, id);
        tx.createUpdate("DELETE FROM webhooks WHERE id = :id").bind("id", id).execute();
    }

    private static void addEvents(Handle tx, long id, List<EventKind> events) {
        PreparedBatch batch = tx.prepareBatch("INSERT INTO webhook_events (owner_id, entity, action)"
                + " VALUES (:owner, :entity, :action) ON CONFLICT DO NOTHING");
        for (EventKind event : events) {
            batch.bind("owner", id)
                    .bind("entity", event.entity())
                    .bind("action", event.action())
                    .add();
        }
        batch.execute();
    }

    private static void deleteEvents(Handle tx, long id) {
        tx.createUpdate("DELETE FROM webhook_events WHERE owner_id = :id")
                .bind("id", id)
                .execute();
    }

    Optional<Stored> find(Handle tx, String webhookId) {
        return withEvents(
                        tx,
                        tx.createQuery("SELECT " + COLUMNS + " FROM webhooks w WHERE w.webhook_id = :webhook")
                                .bind("webhook", webhookId)
                                .map(WebhookRepository::stored)
                                .list())
                .stream()
                .findFirst();
    }

    Page<Stored> page(Handle tx, Search search) {
        return search.page(tx, COLUMNS, "webhooks w", "w.id >= :all", Map.of("all", 0), WebhookRepository::stored)
                .withItems(found -> withEvents(tx, found));
    }

    /** Active ones that want to be told of this. */
    List<Stored> wanting(Handle tx, EventKind event) {
        return tx.createQuery("SELECT " + COLUMNS + " FROM webhooks w JOIN webhook_events e ON e.owner_id = w.id"
                        + " WHERE e.entity = :entity AND e.action = :action AND w.status = :active ORDER BY w.id")
                .bind("entity", event.entity())
                .bind("action", event.action())
                .bind("active", Webhook.ACTIVE)
                .map(WebhookRepository::stored)
                .list();
    }

    private static List<Stored> withEvents(Handle tx, List<Stored> found) {
        Map<Long, List<EventKind>> events = new HashMap<>();
        for (List<Long> chunk : TagTable.chunks(found.stream().map(Stored::id).toList())) {
            tx.createQuery("SELECT owner_id, entity, action FROM webhook_events WHERE owner_id IN (<owners>)"
                            + " ORDER BY owner_id, entity, action")
                    .bindList("owners", chunk)
                    .map((row, context) -> events.computeIfAbsent(row.getLong("owner_id"), id -> new ArrayList<>())
                            .add(new EventKind(row.getString("entity"), row.getString("action"))))
                    .list();
        }
        return found.stream()
                .map(stored -> new Stored(
                        stored.id(),
                        stored.webhook()
                                .with(
                                        new Webhook.Change(
                                                Optional.empty(),
                                                Optional.empty(),
                                                Optional.empty(),
                                                events.getOrDefault(stored.id(), List.of()),
                                                Optional.empty(),
                                                Optional.empty()),
                                        stored.webhook().lastUpdatedTimestamp()),
                        stored.secret()))
                .toList();
    }

    private static Stored stored(ResultSet row, StatementContext context) throws SQLException {
        return new Stored(
                row.getLong("id"),
                new Webhook(
                        row.getString("webhook_id"),
                        row.getString("name"),
                        Optional.ofNullable(row.getString("description")),
                        row.getString("url"),
                        List.of(),
                        row.getString("status"),
                        row.getLong("created_at"),
                        row.getLong("updated_at")),
                Optional.ofNullable(row.getString("secret")));
    }
}
