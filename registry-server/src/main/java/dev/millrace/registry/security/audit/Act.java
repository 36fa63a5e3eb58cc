package dev.millrace.registry.security.audit;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.millrace.registry.platform.http.StrictJson;
import dev.millrace.registry.platform.naming.Excerpt;
import java.util.Map;
import org.jdbi.v3.core.Handle;

/**
 * A change that somebody makes, passed from the request to the service that makes it. The service records it within the
 * transaction of the change, so that neither is on disk without the other.
 *
 * @param actor who; {@code -} on a server without authentication
 * @param action verb and route
 * @param target what it is about: {@code experiment:NAME}, {@code model:NAME} or {@code *}; names as they are before it
 * @param given the fields of the request, without secrets
 * @param requestId as in the log
 * @param address of the client
 * @param at epoch milliseconds
 */
public record Act(
        String actor, String action, String target, ObjectNode given, String requestId, String address, long at) {
    private static final AuditRepository ENTRIES = new AuditRepository();
    private static final int LONGEST = 200;
    private static final int DONE = 200;

    /** What the server does by itself. */
    public static Act ofServer(String action, long at) {
        return new Act("-", action, "*", (ObjectNode) StrictJson.tree("{}"), "-", "-", at);
    }

    /** Records that it is done, in the transaction of the change. */
    public void done(Handle tx) {
        done(tx, Map.of());
    }

    /** @param more what the request does not say: the old name, the new id */
    public void done(Handle tx, Map<String, ?> more) {
        ObjectNode detail = given.deepCopy();
        more.forEach((name, value) -> detail.put(name, shortened(String.valueOf(value))));
        ENTRIES.append(tx, entry(detail, DONE));
    }

    /** What was refused, or failed. */
    AuditEntry refused(int status) {
        return entry(given, status);
    }

    private AuditEntry entry(ObjectNode detail, int status) {
        return new AuditEntry(0, at, actor, action, target, StrictJson.text(detail), status, requestId, address);
    }

    /** As much of a value as an entry holds. */
    public static String shortened(String value) {
        return value.length() <= LONGEST ? value : Excerpt.of(value, LONGEST) + "…";
    }
}
