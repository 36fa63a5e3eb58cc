package dev.millrace.registry.lake.features;

import dev.millrace.registry.resource.drift.ColumnDrift;
import java.util.Collection;
import java.util.List;
import java.util.Set;

/** Knows how columns last drifted. The owner of drift rows implements it. */
@FunctionalInterface
public interface ModelDrift {
    /** How these columns stand in the newest windows of these models. */
    List<ColumnDrift> newest(Collection<String> models, Set<String> columns);
}
