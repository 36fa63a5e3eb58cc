package dev.millrace.registry.resource.tracking;

import java.util.List;
import org.jdbi.v3.core.Handle;

/** Takes metrics that are about a logged model; implemented by the resource that owns those. */
public interface LoggedModelMetrics {
    /** Within the caller's transaction. */
    void record(Handle tx, String runId, List<LoggedMetric> metrics);
}
