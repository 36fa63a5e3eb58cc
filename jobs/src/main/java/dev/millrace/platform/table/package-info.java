/**
 * The port to Delta tables: inputs pinned to a version, outputs written atomically with their run in the commit. May
 * enter: what every job needs of a table. May not: what one job does with it. Start at {@link
 * dev.millrace.platform.table.Tables}.
 */
package dev.millrace.platform.table;
