package dev.millrace.registry.tracking;

/** A run and the small id its children refer to. */
record StoredRun(long id, RunInfo info) {}
