package dev.millrace.registry.resource.drift;

import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/** One column of a grid while it is read. */
final class GridLine {
    /** Drift in the newest windows weighs most; among equals, what is nearest to its threshold at the end. */
    static final Comparator<GridLine> WORST_FIRST = Comparator.<GridLine>comparingLong(line -> line.badness)
            .thenComparingDouble(line -> line.share)
            .reversed();

    private final String[] verdicts;
    private final Double[] values;
    private long badness;
    private int newest = -1;
    private double share;

    GridLine(int windows) {
        verdicts = new String[windows];
        values = new Double[windows];
    }

    /** Of two rows for one window the last stays, as where lengths of windows are mixed. */
    void add(int window, Block block, int row, Measure measure) {
        String verdict = (String) block.value(Leaves.VERDICT, row);
        badness += weight(verdict, window) - weight(verdicts[window], window);
        verdicts[window] = verdict == null ? "" : verdict;
        values[window] = (Double) block.value(measure.leaf(), row);
        if (window < newest) return;
        newest = window;
        Object effect = block.value(Leaves.EFFECT, row);
        Object threshold = block.value(Leaves.THRESHOLD, row);
        share = effect == null || threshold == null ? 0 : (Double) effect / (Double) threshold;
        if (Double.isNaN(share)) share = 0;
    }

    private static long weight(String verdict, int window) {
        if (verdict == null) return 0;
        int rank =
                switch (verdict) {
                    case "drift" -> 3;
                    case "watch" -> 2;
                    case "ok" -> 1;
                    default -> 0;
                };
        return (long) rank * rank * (window + 1);
    }

    DriftGrid.Line named(String column) {
        List<Optional<String>> marks =
                Arrays.stream(verdicts).map(Optional::ofNullable).toList();
        List<Optional<Double>> numbers =
                Arrays.stream(values).map(Optional::ofNullable).toList();
        return new DriftGrid.Line(column, marks, numbers);
    }
}
