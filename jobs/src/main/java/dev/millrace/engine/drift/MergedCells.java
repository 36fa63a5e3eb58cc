package dev.millrace.engine.drift;

import dev.millrace.engine.scan.ColumnBins;
import dev.millrace.engine.scan.Counted;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.TreeSet;

/**
 * The coarser cells that PSI, Jensen–Shannon and chi-square look at (CONTRACT §7), of reference and current alike: ten
 * bins merged from the fine ones by the reference's shares, and one each for values below the reference, above it, and
 * between its single values, where the reference has none; or the categories with the rare ones pooled; then NULL, NaN
 * and the infinities. A cell without rows on both sides is left out.
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

    /** Only groups in which there are rows on either side: an empty one would still count as a degree of freedom. */
    public static MergedCells of(ColumnBins bins, Counted reference, Counted current) {
        int[] groups = bins.isNumber() ? byShare(bins, reference, current) : pooled(bins, reference.values(bins));
        int count = withoutEmpty(groups, reference, current);
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

    /** The tenth of the reference that a cell's middle lies in, and three groups for values new to the reference. */
    private static int[] byShare(ColumnBins bins, Counted reference, Counted current) {
        long[] counts = reference.values(bins);
        long[] now = current.values(bins);
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
        for (int i = 0; i < counts.length; i++) {
            if (counts[i] > 0 || now[i] == 0) continue;
            if (i == 0) groups[i] = group + 1;
            else if (i == counts.length - 1) groups[i] = group + 2;
            else if (liesBetweenPoints(bins, i)) groups[i] = group + 3;
        }
        return groups;
    }

    /**
     * Whether a cell is the gap between two values that have cells of their own. Other cells without reference rows are
     * bins of a range in which a small reference, as that of a slice, has none by chance.
     */
    private static boolean liesBetweenPoints(ColumnBins bins, int cell) {
        return !bins.isPoint(cell) && bins.isPoint(cell - 1) && bins.isPoint(cell + 1);
    }

    private static int[] pooled(ColumnBins bins, long[] counts) {
        long total = Arrays.stream(counts).sum();
        int[] groups = new int[counts.length];
        int pool = counts.length; // after all others
        int group = 0;
        for (int i = 0; i < bins.values().size(); i++) groups[i] = counts[i] < RARE * total ? pool : group++;
        groups[groups.length - 1] = pool;
        return groups;
    }

    /** Numbers the groups that have rows from 0; returns how many there are. */
    private static int withoutEmpty(int[] groups, Counted reference, Counted current) {
        TreeSet<Integer> used = new TreeSet<>();
        for (int i = 0; i < groups.length; i++) {
            if (reference.cells().get(i) + current.cells().get(i) > 0) used.add(groups[i]);
        }
        List<Integer> order = new ArrayList<>(used);
        for (int i = 0; i < groups.length; i++) groups[i] = Math.max(0, order.indexOf(groups[i]));
        return order.size();
    }

    private static long[] merged(Counted counted, int[] groups, int count, List<Integer> missing) {
        long[] cells = new long[count + missing.size()];
        for (int i = 0; i < groups.length; i++) {
            if (counted.cells().get(i) > 0) cells[groups[i]] += counted.cells().get(i);
        }
        for (int i = 0; i < missing.size(); i++)
            cells[count + i] = counted.cells().get(missing.get(i));
        return cells;
    }
}
