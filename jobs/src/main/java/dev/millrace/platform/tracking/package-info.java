/**
 * The port to an MLflow tracking server and model registry. Everything a run records goes into a journal on disk first
 * and from there to the server, so a server that is down costs nothing. May enter: MLflow's REST calls that jobs need.
 * May not: what a job records. Start at {@link dev.millrace.platform.tracking.Tracking} and {@link
 * dev.millrace.platform.tracking.Run}.
 */
package dev.millrace.platform.tracking;
