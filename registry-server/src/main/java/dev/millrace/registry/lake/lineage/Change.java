package dev.millrace.registry.lake.lineage;

import dev.millrace.registry.lake.tables.Maker;
import java.util.Optional;

/** A commit that changed rows, without what lineage does not need. */
record Change(long version, long at, String operation, boolean replacesAll, Optional<Maker> maker) {}
