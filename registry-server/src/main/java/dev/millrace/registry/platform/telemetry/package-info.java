/**
 * What the server tells about itself to Prometheus. May enter: counting requests, and writing figures in the text format.
 * May not: figures of one resource, SQL. Start at {@link dev.millrace.registry.platform.telemetry.TelemetryRoutes}.
 */
package dev.millrace.registry.platform.telemetry;
