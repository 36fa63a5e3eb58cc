/**
 * How Millrace says that something is wrong. May enter: kinds of errors, and help in wording them. May not: anything
 * that catches. Start at {@link dev.millrace.platform.error.MillraceException}.
 */
package dev.millrace.platform.error;
