/**
 * What was made from what, by the rules of decision 0003, as the jobs' command {@code millrace lineage}. What commits and
 * records say is stored in the database as far as it was read (decision 0282). May enter: what things say of each other. May
 * not: rows of tables, anything that writes to the lake. Start at {@link dev.millrace.registry.lake.lineage.LineageWalk};
 * {@code Crawl} reads the lake.
 */
package dev.millrace.registry.lake.lineage;
