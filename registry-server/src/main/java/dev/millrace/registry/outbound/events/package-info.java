/**
 * What makes the pages live: events over SSE when something changes, and who is looking at the same page. May enter: what
 * people see of each other. May not: rules of a resource. Start at {@link dev.millrace.registry.outbound.events.EventHub}.
 */
package dev.millrace.registry.outbound.events;
