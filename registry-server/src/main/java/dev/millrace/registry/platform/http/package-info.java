/**
 * What every route stands on: JSON, reading MLflow's requests, answering errors, guards against other web pages, static
 * pages. May enter: HTTP machinery that knows no resource. May not: SQL, rules of one resource. Start at {@link
 * dev.millrace.registry.platform.http.MlflowApi}.
 */
package dev.millrace.registry.platform.http;
