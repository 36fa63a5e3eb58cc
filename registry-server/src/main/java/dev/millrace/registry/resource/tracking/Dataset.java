package dev.millrace.registry.resource.tracking;

import java.util.Optional;

/** A version of data that runs read; identified by experiment, name and digest. */
record Dataset(
        String name,
        String digest,
        String sourceType,
        String source,
        Optional<String> schema,
        Optional<String> profile) {}
