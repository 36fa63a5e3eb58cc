package dev.millrace.engine.scan;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;

/**
 * How rows fall into groups: all rows, and the values of each slice column, per window.
 *
 * @param slices names of the slice columns, for messages
 * @param firstSlice field of the first slice column, a STRING; the others follow
 * @param maxValues of a slice column
 * @param time field of the time, a TIMESTAMP; -1 for no windows
 * @param windows to which window a time belongs
 */
record Grouping(List<String> slices, int firstSlice, int maxValues, int time, Windows windows) implements Serializable {

    /** Which window a moment belongs to. */
    @FunctionalInterface
    public interface Windows extends Serializable {
        /** Start of the window; both microseconds since 1970. */
        long start(long micros);

        /** One window for all. */
        Windows NONE = micros -> 0;
    }

    public Grouping {
        slices = new ArrayList<>(slices); // shipped
    }

    boolean isTimed() {
        return time >= 0;
    }
}
