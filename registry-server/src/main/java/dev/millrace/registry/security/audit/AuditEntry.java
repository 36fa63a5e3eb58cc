package dev.millrace.registry.security.audit;

/**
 * One attempt to change something.
 *
 * @param at epoch milliseconds
 * @param user who; {@code -} on a server without authentication
 * @param action verb and route, {@code POST registered-models/alias}
 * @param target {@code experiment:NAME}, {@code model:NAME} or {@code *}
 * @param detail the fields that say what exactly, as JSON
 * @param status of the answer
 */
public record AuditEntry(
        long id,
        long at,
        String user,
        String action,
        String target,
        String detail,
        int status,
        String requestId,
        String address) {}
