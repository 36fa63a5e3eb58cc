package dev.millrace.engine.model;

import dev.millrace.engine.scan.ColumnBins;
import dev.millrace.engine.scan.Counted;
import dev.millrace.engine.scan.GroupCounts;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What the training rows looked like, kept beside the model as {@code training_profile.json} and {@code .parquet}: the
 * baseline of drift.
 *
 * @param rows training rows
 * @param columns inputs, outputs and the label; what privacy hides is not among them
 * @param slices the same columns per slice, in the order of {@code columns}
 */
public record TrainingProfile(long rows, List<Column> columns, Map<GroupCounts.Slice, List<Counted>> slices) {
    public static final String JSON = "training_profile.json";
    public static final String PARQUET = "training_profile.parquet";

    /** What a column is to the model. */
    public enum Role {
        INPUT,
        OUTPUT,
        LABEL
    }

    /** @param type the Spark type as it was in training: {@code double}, {@code string} */
    public record Column(Role role, String type, ColumnBins bins, Counted counted) {
        public String name() {
            return bins.column();
        }
    }

    public TrainingProfile {
        columns = List.copyOf(columns);
        slices = Map.copyOf(slices);
    }

    /**
     * @param counts of the training rows, without windows
     * @param roles per column
     * @param types per column
     */
    public static TrainingProfile of(GroupCounts counts, List<Role> roles, List<String> types) {
        List<Column> columns = new ArrayList<>();
        Map<GroupCounts.Slice, List<Counted>> slices = new java.util.HashMap<>();
        List<Counted> whole = counts.groups().getOrDefault(GroupCounts.Group.WHOLE, List.of());
        for (int i = 0; i < whole.size(); i++) {
            columns.add(new Column(roles.get(i), types.get(i), counts.bins().get(i), whole.get(i)));
        }
        counts.groups().forEach((group, counted) -> group.slice().ifPresent(slice -> slices.put(slice, counted)));
        return new TrainingProfile(whole.isEmpty() ? 0 : whole.get(0).rows(), columns, slices);
    }

    public Optional<Column> column(String name) {
        return columns.stream().filter(column -> column.name().equals(name)).findFirst();
    }

    /** The baseline of a column, of all rows or of a slice. */
    public Optional<Counted> baseline(String name, Optional<GroupCounts.Slice> slice) {
        if (slice.isEmpty()) return column(name).map(Column::counted);
        List<Counted> counted = slices.get(slice.get());
        if (counted == null) return Optional.empty();
        for (int i = 0; i < columns.size(); i++) {
            if (columns.get(i).name().equals(name)) return Optional.of(counted.get(i));
        }
        return Optional.empty();
    }
}
