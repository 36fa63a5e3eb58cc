package dev.millrace.engine.monitor;

import dev.millrace.engine.model.TrainingProfile;
import dev.millrace.engine.scan.Counted;
import dev.millrace.engine.scan.GroupCounts;
import dev.millrace.platform.table.TableVersion;
import java.util.List;
import java.util.Optional;

/**
 * One table counted per window and slice.
 *
 * @param role of its columns: the model's inputs or its outputs
 * @param columns of the training profile that were counted, in the order of the counts
 */
public record Windowed(
        TableVersion table, TrainingProfile.Role role, List<TrainingProfile.Column> columns, GroupCounts counts) {

    Optional<List<Counted>> group(long window, Optional<GroupCounts.Slice> slice) {
        return Optional.ofNullable(counts.groups().get(new GroupCounts.Group(window, slice)));
    }

    /** Columns whose type is not that of training. */
    public List<TypeChange> typeChanges() {
        return columns.stream()
                .flatMap(column -> TypeChange.of(column, table.schema()).stream())
                .toList();
    }

    /** Whether its rows are predictions. */
    boolean isPredictions() {
        return role == TrainingProfile.Role.OUTPUT;
    }

    /** Whether there is a row of this window at all. */
    boolean has(long window) {
        return group(window, Optional.empty()).isPresent();
    }
}
