/**
 * MLflow's search language: filter text → tokens → comparisons → SQL with bound values, order_by, page tokens. May
 * enter: the grammar and how it becomes SQL over columns that a resource declares ({@link
 * dev.millrace.registry.platform.search.SearchSchema}). May not: names of tables, HTTP. Input never becomes SQL text. Start at
 * {@link dev.millrace.registry.platform.search.Search}.
 */
package dev.millrace.registry.platform.search;
