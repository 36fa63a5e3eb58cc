package dev.millrace.registry.resource.drift;

import java.util.List;
import java.util.Optional;

/**
 * Body of {@code PUT /api/v1/drift/{model}/{version}/{window_start}}: it replaces what the same owner sent before as the same
 * part of the window, and rows of others with the same key.
 *
 * @param owner what the rows are the whole of, where several jobs measure one model; absent: all there is
 * @param part from 1 on, where an owner's rows are sent in parts; absent: 1
 * @param parts how many there are; what was sent before with a higher number is removed; absent: 1
 */
record DriftPut(
        String runId,
        String granularity,
        Optional<String> owner,
        Optional<Integer> part,
        Optional<Integer> parts,
        List<DriftRow> rows) {}
