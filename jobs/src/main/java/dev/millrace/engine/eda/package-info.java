/**
 * What a profile of a table says to people and tables: alerts, the rows of {@code monitoring.profiles} and {@code
 * monitoring.profile_metrics}, the report. May enter: thresholds of alerts, schemas, pages. May not: counting ({@code
 * engine.scan}), sessions, writing. Start at {@link dev.millrace.engine.eda.Alerts} and {@link
 * dev.millrace.engine.eda.ProfileRows}.
 */
package dev.millrace.engine.eda;
