package dev.millrace.engine.profile;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * The coarser cells that PSI, Jensen–Shannon and chi-square look at (CONTRACT §7), of reference and current alike: ten
 * bins merged from the fine ones by the reference's shares, or the categories with the rare ones pooled; then NULL, NaN
 * and the infinities, each where either side has some.
 */
public final class MergedCells {
    private static final int MERGED = 10;
    /** Categories with a smaller share of the reference are pooled. */
    private static final double RARE = 0.005;

    private final long[] reference;
    private final long[] current;
    private final String description;

    private MergedCells(long[] reference, long[] current, String description) {
        this.reference = reference;
        this.current = current;
        this.description = description;
    }

    /** Counts of the reference. */
    public long[] reference() {
        return reference.clone();
    }

    /** Counts of the same cells now. */
    public long[] current() {
        return current.clone();
    }

    /** How the cells came about, for the column {@code binning}. */
    public String description() {
        return description;
    }

    public static MergedCells of(ColumnBins bins, Counted reference, Counted current) {
        int[] groups = bins.isNumber() ? byShare(reference.values(bins)) : pooled(bins, reference.values(bins));
        int count = Arrays.stream(groups).max().orElse(0) + 1;
        List<Integer> missing = new ArrayList<>();
        for (int cell = bins.valueCells(); cell < bins.cells(); cell++) {
            if (reference.cells().get(cell) + current.cells().get(cell) > 0) missing.add(cell);
        }
        String said = bins.isNumber()
                ? Math.max(0, bins.edges().size() - 1) + " bins + below + above, merged into " + count
                : bins.values().size() + " categories + others, rare ones pooled into " + count;
        for (int cell : missing) said += " + " + bins.label(cell);
        return new MergedCells(
                merged(reference, groups, count, missing), merged(current, groups, count, missing), said);
    }

    /** The tenth of the reference that a cell's middle lies in; a group that would be empty is left out. */
    private static int[] byShare(long[] counts) {
        long total = Arrays.stream(counts).sum();
        int[] groups = new int[counts.length];
        if (total == 0) return groups;
        long below = 0;
        int last = 0;
        int group = 0;
        for (int i = 0; i < counts.length; i++) {
            int tenth = (int) Math.min(MERGED - 1, Math.floor(MERGED * (below + counts[i] / 2.0) / total));
            // Cells without reference rows stay with the group before them.
            if (counts[i] > 0 && below > 0 && tenth > last) group++;
            if (counts[i] > 0) last = tenth;
            groups[i] = group;
            below += counts[i];
        }
        return groups;
    }

    private static int[] pooled(ColumnBins bins, long[] counts) {
        long total = Arrays.stream(counts).sum();
        int[] groups = new int[counts.length];
        int group = 0;
        for (int i = 0; i < bins.values().size(); i++) {
            boolean rare = counts[i] < RARE * total;
            groups[i] = rare ? -1 : group++;
        }
        groups[groups.length - 1] = -1;
        for (int i = 0; i < groups.length; i++) if (groups[i] < 0) groups[i] = group;
        return groups;
    }

    private static long[] merged(Counted counted, int[] groups, int count, List<Integer> missing) {
        long[] cells = new long[count + missing.size()];
        for (int i = 0; i < groups.length; i++)
            cells[groups[i]] += counted.cells().get(i);
        for (int i = 0; i < missing.size(); i++)
            cells[count + i] = counted.cells().get(missing.get(i));
        return cells;
    }
}
