package dev.millrace.engine.scan;

import java.io.Serializable;

/**
 * Where an accumulator of a {@link Scan} belongs.
 *
 * @param window start of the window, microseconds since 1970; 0 without windows
 * @param slice index of the slice column; {@link #ALL} for all rows of the window
 * @param value of the slice column, as text; empty for all rows
 * @param summary index of the summary
 */
record Cell(long window, int slice, String value, int summary) implements Comparable<Cell>, Serializable {
    /** The {@link #slice} of all rows of a window. */
    public static final int ALL = -1;

    /** The {@link #value} of rows in which the slice column is NULL. */
    public static final String NULL = "(null)";

    /** The {@link #slice} of the cell that counts rows without a time. */
    private static final int UNTIMED = -2;

    static Cell untimed() {
        return new Cell(0, UNTIMED, "", 0);
    }

    boolean countsUntimed() {
        return slice == UNTIMED;
    }

    /** Whether it is of all rows of its window. */
    public boolean isWhole() {
        return slice == ALL;
    }

    @Override
    public int compareTo(Cell other) {
        int order = Long.compare(window, other.window);
        if (order == 0) order = Integer.compare(slice, other.slice);
        if (order == 0) order = value.compareTo(other.value);
        return order != 0 ? order : Integer.compare(summary, other.summary);
    }

    /** The same on every machine, which a record's own need not be. */
    int place(int places) {
        int hash = 31 * (31 * (31 * Long.hashCode(window) + slice) + value.hashCode()) + summary;
        return Math.floorMod(hash, places);
    }
}
