/**
 * How long work shows that it goes on. May enter: ways to show it. May not: anything that changes the work. Start at
 * {@link dev.millrace.platform.progress.Progress}.
 */
package dev.millrace.platform.progress;
