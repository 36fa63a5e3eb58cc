/**
 * What was changed, or tried, by whom: entries that are added in the change's own transaction, each chained to the one
 * before.
 *
 * <p>May enter: what an entry holds, how entries are chained and checked. May not: who may do what ({@code access}),
 * HTTP.
 *
 * <p>Start at {@link dev.millrace.registry.security.audit.Act}.
 */
package dev.millrace.registry.security.audit;
