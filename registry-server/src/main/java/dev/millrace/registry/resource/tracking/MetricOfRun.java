package dev.millrace.registry.resource.tracking;

/** A metric point and the run it belongs to. */
record MetricOfRun(String key, double value, long timestamp, long step, String runId) {
    static MetricOfRun of(Metric metric, String runId) {
        return new MetricOfRun(metric.key(), metric.value(), metric.timestamp(), metric.step(), runId);
    }
}
