package dev.millrace.registry.lineage;

import dev.millrace.registry.lake.Maker;
import java.util.Optional;

/** A commit that changed rows, without what lineage does not need. */
record Change(long version, long at, String operation, boolean replacesAll, Optional<Maker> maker) {}
