/**
 * What makes the pages live: events over SSE when something changes, who is looking at the same page, and comments. May
 * enter: what people see of each other. May not: rules of a resource. Start at {@link dev.millrace.registry.live.EventHub}.
 */
package dev.millrace.registry.live;
