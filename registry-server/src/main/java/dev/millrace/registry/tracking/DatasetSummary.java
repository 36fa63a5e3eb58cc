package dev.millrace.registry.tracking;

/** A dataset of an experiment, for choosing one. */
record DatasetSummary(String experimentId, String name, String digest, String context) {}
