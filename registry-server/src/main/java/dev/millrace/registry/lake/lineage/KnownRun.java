package dev.millrace.registry.lake.lineage;

/** A run as the registry has it, for links. */
record KnownRun(String experimentId, String name, String status) {}
