package dev.millrace.registry.resource.tracking;

/** A run and the small id its children refer to. */
record StoredRun(long id, RunInfo info) {}
