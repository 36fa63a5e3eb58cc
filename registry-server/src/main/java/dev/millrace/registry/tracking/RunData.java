package dev.millrace.registry.tracking;

import dev.millrace.registry.storage.Tag;
import java.util.List;

/** Latest metrics, params and tags of a run, each by key. */
record RunData(List<Metric> metrics, List<Tag> params, List<Tag> tags) {}
