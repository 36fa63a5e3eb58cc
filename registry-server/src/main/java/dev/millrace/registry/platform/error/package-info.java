/**
 * How the server says that something is wrong. May enter: kinds of errors, and their codes. May not: anything that
 * catches. Start at {@link dev.millrace.registry.platform.error.MillraceException}.
 */
package dev.millrace.registry.platform.error;
