package dev.millrace.engine.scan;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.unsafe.types.UTF8String;

/** The accumulators of the groups that one task has met. Not thread-safe. */
final class GroupedRows {
    private static final UTF8String NULL = UTF8String.fromString(Cell.NULL);

    private final Scan scan;
    private final Grouping grouping;
    private final Map<Long, Window> windows = new HashMap<>();
    private Accumulator untimed;
    private Accumulator[] ofAll;
    private Window latest;
    private int accumulators;

    /** The groups of one window, found once and remembered while rows stay in it. */
    private final class Window {
        private final long start;
        private final Accumulator[] whole = started(scan.ofGroups());
        private final List<Map<UTF8String, Accumulator[]>> bySlice = new ArrayList<>();

        Window(long start) {
            this.start = start;
            for (int i = 0; i < grouping.slices().size(); i++) bySlice.add(new HashMap<>());
        }

        Accumulator[] slice(int slice, InternalRow row) {
            int field = grouping.firstSlice() + slice;
            UTF8String value = row.isNullAt(field) ? NULL : row.getUTF8String(field);
            Map<UTF8String, Accumulator[]> known = bySlice.get(slice);
            Accumulator[] group = known.get(value);
            if (group != null) return group;
            if (known.size() == grouping.maxValues()) {
                throw Scan.tooManyValues(grouping.slices().get(slice), grouping.maxValues());
            }
            group = started(scan.ofGroups());
            known.put(value.clone(), group); // the row's buffer is used again
            return group;
        }
    }

    GroupedRows(Scan scan) {
        this.scan = scan;
        this.grouping = scan.grouping();
    }

    private Accumulator[] started(List<Summary> summaries) {
        Accumulator[] group = new Accumulator[summaries.size()];
        for (int i = 0; i < group.length; i++) group[i] = summaries.get(i).start();
        accumulators += group.length;
        return group;
    }

    void add(InternalRow row) {
        if (ofAll == null) ofAll = started(scan.ofAll());
        for (Accumulator each : ofAll) each.add(row);
        Window window = window(row);
        if (window == null) return;
        for (Accumulator each : window.whole) each.add(row);
        for (int slice = 0; slice < window.bySlice.size(); slice++) {
            for (Accumulator each : window.slice(slice, row)) each.add(row);
        }
    }

    private Window window(InternalRow row) {
        long start = 0;
        if (grouping.isTimed()) {
            if (row.isNullAt(grouping.time())) {
                if (untimed == null) untimed = new RowCount();
                untimed.add(row);
                return null;
            }
            start = grouping.windows().start(row.getLong(grouping.time()));
        }
        if (latest == null || latest.start != start) latest = windows.computeIfAbsent(start, Window::new);
        return latest;
    }

    int accumulators() {
        return accumulators;
    }

    long bytes() {
        long bytes = 0;
        if (ofAll != null) bytes += bytes(ofAll);
        for (Window window : windows.values()) {
            bytes += bytes(window.whole);
            for (Map<UTF8String, Accumulator[]> slice : window.bySlice) {
                for (Accumulator[] group : slice.values()) bytes += bytes(group);
            }
        }
        return bytes;
    }

    private static long bytes(Accumulator[] group) {
        long bytes = 0;
        for (Accumulator each : group) bytes += each.bytes();
        return bytes;
    }

    /** Hands out everything and forgets it. */
    void moveTo(List<Cell> cells, List<Accumulator> states) {
        if (untimed != null) {
            cells.add(Cell.untimed());
            states.add(untimed);
        }
        if (ofAll != null) move(ofAll, 0, Cell.ALL, "", scan.ofGroups().size(), cells, states);
        windows.forEach((start, window) -> {
            move(window.whole, start, Cell.ALL, "", 0, cells, states);
            for (int i = 0; i < window.bySlice.size(); i++) {
                int slice = i;
                window.bySlice
                        .get(i)
                        .forEach((value, group) -> move(group, start, slice, value.toString(), 0, cells, states));
            }
        });
        windows.clear();
        untimed = null;
        ofAll = null;
        latest = null;
        accumulators = 0;
    }

    private static void move(
            Accumulator[] group,
            long window,
            int slice,
            String value,
            int firstSummary,
            List<Cell> cells,
            List<Accumulator> states) {
        for (int i = 0; i < group.length; i++) {
            cells.add(new Cell(window, slice, value, firstSummary + i));
            states.add(group[i]);
        }
    }
}
