/**
 * What looks after a registry as a whole, by commands beside the server: backup, restore, removal of what was deleted.
 * May enter: work over all tables and files at once, so the SQL here is that of every resource. May not: HTTP, rules of
 * requests. Start at {@link dev.millrace.registry.operations.Backup}.
 */
package dev.millrace.registry.operations;
