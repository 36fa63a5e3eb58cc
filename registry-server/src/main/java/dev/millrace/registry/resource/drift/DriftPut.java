package dev.millrace.registry.resource.drift;

import java.util.List;

/** Body of {@code PUT /api/v1/drift/{model}/{version}/{window_start}}. */
record DriftPut(String runId, String granularity, List<DriftRow> rows) {}
