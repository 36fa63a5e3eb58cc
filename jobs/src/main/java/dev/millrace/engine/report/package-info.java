/**
 * Self-contained HTML pages with pictures in inline SVG: no script, nothing loaded, light and dark by the reader's
 * setting.
 *
 * <p>May enter: markup and charts. May not: statistics, tables, the session. Everything that comes from data goes through
 * {@link dev.millrace.engine.report.Html#text}.
 *
 * <p>Start at {@link dev.millrace.engine.report.Page} and {@link dev.millrace.engine.report.Chart}.
 */
package dev.millrace.engine.report;
