package dev.millrace.engine.profile;

import java.util.List;
import java.util.stream.IntStream;

/**
 * A column counted into its bins.
 *
 * @param cells counts in the order of {@link ColumnBins}
 * @param zeros values equal to 0
 * @param mean of the finite values; NaN without any, and for categories
 * @param min least finite value; NaN without any
 * @param max greatest finite value; NaN without any
 * @param distinct estimated number of different values, NULL and NaN not among them
 */
public record Counted(List<Long> cells, long zeros, double mean, double min, double max, long distinct) {
    public Counted {
        cells = List.copyOf(cells);
    }

    public long rows() {
        return cells.stream().mapToLong(Long::longValue).sum();
    }

    public long nulls(ColumnBins bins) {
        return cells.get(bins.nullCell());
    }

    /** Counts of the finite numbers, or of the categories. */
    public long[] values(ColumnBins bins) {
        return IntStream.range(0, bins.valueCells()).mapToLong(cells::get).toArray();
    }
}
