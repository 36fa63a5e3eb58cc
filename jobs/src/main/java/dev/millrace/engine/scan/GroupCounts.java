package dev.millrace.engine.scan;

import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Counts per window and slice.
 *
 * @param bins of the columns, in the order of every list of counts
 * @param groups the whole table of a window has no slice
 * @param untimed rows without a time, counted nowhere
 */
public record GroupCounts(List<ColumnBins> bins, Map<Group, List<Counted>> groups, long untimed) {

    /**
     * @param windowMicros start of the window, microseconds since 1970; 0 when windows were not asked for
     * @param slice empty for all rows of the window
     */
    public record Group(long windowMicros, Optional<Slice> slice) {
        /** All rows, without windows. */
        public static final Group WHOLE = new Group(0, Optional.empty());
    }

    /** @param value text of the column's value; NULL is a slice of its own, {@code (null)} */
    public record Slice(String key, String value) {}

    /** Counts of one column of a group. */
    public Optional<Counted> of(Group group, String column) {
        List<Counted> counted = groups.get(group);
        if (counted == null) return Optional.empty();
        for (int i = 0; i < bins.size(); i++) {
            if (bins.get(i).column().equals(column)) return Optional.of(counted.get(i));
        }
        return Optional.empty();
    }
}
