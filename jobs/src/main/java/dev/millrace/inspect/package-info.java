/**
 * Looks at a lake and changes nothing: what tables there are, where their rows come from, and queries over them. May
 * enter: whatever can be read from tables, commits and run records alone. May not: a write, a job of another package,
 * the registry. Start at {@link dev.millrace.inspect.TablesReport}, {@link dev.millrace.inspect.LineageWalk} or
 * {@link dev.millrace.inspect.SqlQuery}.
 */
package dev.millrace.inspect;
