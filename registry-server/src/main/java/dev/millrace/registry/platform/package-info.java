/**
 * What every resource stands on and what knows none of them: HTTP, database, search, names, errors, settings, TLS, log,
 * telemetry.
 */
package dev.millrace.registry.platform;
