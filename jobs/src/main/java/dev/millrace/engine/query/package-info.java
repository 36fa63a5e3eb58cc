/**
 * What Spark's analysis says of declared SQL: whether it gives the same rows each time, where its columns come from, and
 * whether rows are treated one by one. May enter: questions about a plan or an expression. May not: sessions, configs of
 * jobs, tables. Start at {@link dev.millrace.engine.query.QueryPlan}.
 */
package dev.millrace.engine.query;
