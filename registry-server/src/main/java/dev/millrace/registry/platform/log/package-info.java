/**
 * The server's log: SLF4J's lines as text or as JSON, on stderr. May enter: how a line looks, what is too quiet to be
 * written. May not: what is logged. Start at {@link dev.millrace.registry.platform.log.LineLogger}.
 */
package dev.millrace.registry.platform.log;
