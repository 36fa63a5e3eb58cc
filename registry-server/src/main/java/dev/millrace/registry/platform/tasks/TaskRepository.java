package dev.millrace.registry.platform.tasks;

import java.util.Collection;
import java.util.List;
import org.jdbi.v3.core.Handle;

/** SQL of tasks. */
final class TaskRepository {
    private static final String WAITING = "waiting";
    private static final String FAILED = "failed";

    /** A task that may be begun. */
    record Due(long id, Task task) {}

    /** @return whether it was added; not when one of this kind and key waits already. One that was given up begins anew. */
    boolean add(Handle tx, Task task, long due, long now) {
        return tx.createUpdate(
                                """
                                INSERT INTO tasks (kind, task_key, lane, payload, state, due_at, attempts, lease_until,
                                  last_error, created_at)
                                VALUES (:kind, :key, :lane, :payload, :state, :due, 0, 0, '', :now)
                                ON CONFLICT (kind, task_key) DO UPDATE SET lane = excluded.lane,
                                  payload = excluded.payload, state = excluded.state, due_at = excluded.due_at,
                                  attempts = 0, last_error = '', created_at = excluded.created_at
                                WHERE tasks.state = :failed""")
                        .bind("failed", FAILED)
                        .bind("kind", task.kind())
                        .bind("key", task.key())
                        .bind("lane", task.lane())
                        .bind("payload", task.payload())
                        .bind("state", WAITING)
                        .bind("due", due)
                        .bind("now", now)
                        .execute()
                > 0;
    }

    long waiting(Handle tx, String kind, String lane) {
        return tx.createQuery("SELECT COUNT(*) FROM tasks WHERE state = :state AND kind = :kind AND lane = :lane")
                .bind("state", WAITING)
                .bind("kind", kind)
                .bind("lane", lane)
                .mapTo(Long.class)
                .one();
    }

    /**
     * The oldest due task of each lane.
     *
     * @param kinds that somebody does
     * @param busy ids that are being done: their lanes wait
     */
    List<Due> due(Handle tx, Collection<String> kinds, Collection<Long> busy, long now, int most) {
        if (kinds.isEmpty()) return List.of();
        String free = busy.isEmpty()
                ? ""
                : " AND NOT EXISTS (SELECT 1 FROM tasks b WHERE b.id IN (<busy>) AND b.kind = t.kind AND b.lane = t.lane)";
        var query = tx.createQuery(
                        """
                        SELECT id, kind, task_key, lane, payload, attempts FROM tasks
                        WHERE id IN (SELECT MIN(t.id) FROM tasks t
                          WHERE t.state = :state AND t.kind IN (<kinds>) AND t.due_at <= :now AND t.lease_until <= :now"""
                                + free + " GROUP BY t.kind, t.lane) ORDER BY due_at, id LIMIT :most")
                .bind("state", WAITING)
                .bind("now", now)
                .bind("most", most)
                .bindList("kinds", List.copyOf(kinds));
        if (!busy.isEmpty()) query.bindList("busy", List.copyOf(busy));
        return query.map((row, context) -> new Due(
                        row.getLong("id"),
                        new Task(
                                row.getString("kind"),
                                row.getString("task_key"),
                                row.getString("lane"),
                                row.getString("payload"),
                                row.getInt("attempts") + 1)))
                .list();
    }

    void lease(Handle tx, long id, long until) {
        tx.createUpdate("UPDATE tasks SET lease_until = :until, attempts = attempts + 1 WHERE id = :id")
                .bind("until", until)
                .bind("id", id)
                .execute();
    }

    boolean hasLeases(Handle tx) {
        return tx.createQuery("SELECT COUNT(*) FROM tasks WHERE lease_until > 0")
                        .mapTo(Long.class)
                        .one()
                > 0;
    }

    /** At a start: whoever held them has ended, since only one server writes. */
    void endLeases(Handle tx) {
        tx.createUpdate("UPDATE tasks SET lease_until = 0 WHERE lease_until > 0")
                .execute();
    }

    void done(Handle tx, long id) {
        tx.createUpdate("DELETE FROM tasks WHERE id = :id").bind("id", id).execute();
    }

    void again(Handle tx, long id, long due, String why) {
        tx.createUpdate("UPDATE tasks SET lease_until = 0, due_at = :due, last_error = :why WHERE id = :id")
                .bind("due", due)
                .bind("why", why)
                .bind("id", id)
                .execute();
    }

    void givenUp(Handle tx, long id, String why, long now) {
        tx.createUpdate(
                        """
                        UPDATE tasks SET lease_until = 0, due_at = :now, state = :state, last_error = :why WHERE id = :id""")
                .bind("now", now)
                .bind("state", FAILED)
                .bind("why", why)
                .bind("id", id)
                .execute();
    }

    /** Whether any was given up before a moment. */
    boolean hasFailed(Handle tx, long before) {
        return tx.createQuery(
                                """
                                SELECT COUNT(*) FROM (
                                  SELECT id FROM tasks WHERE state = :state AND due_at < :before LIMIT 1) failed""")
                        .bind("state", FAILED)
                        .bind("before", before)
                        .mapTo(Long.class)
                        .one()
                > 0;
    }

    /** Those given up before a moment, some at once. */
    int removeFailed(Handle tx, long before, int most) {
        return tx.createUpdate(
                        """
                        DELETE FROM tasks WHERE id IN (SELECT id FROM tasks
                          WHERE state = :state AND due_at < :before ORDER BY id LIMIT :most)""")
                .bind("state", FAILED)
                .bind("before", before)
                .bind("most", most)
                .execute();
    }
}
