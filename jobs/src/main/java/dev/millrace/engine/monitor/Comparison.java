package dev.millrace.engine.monitor;

import dev.millrace.engine.drift.ColumnDrift;
import dev.millrace.engine.drift.FalseDiscovery;
import dev.millrace.engine.drift.Thresholds;
import dev.millrace.engine.drift.Verdict;
import dev.millrace.engine.model.TrainingProfile;
import dev.millrace.engine.scan.Counted;
import dev.millrace.engine.scan.GroupCounts;
import dev.millrace.platform.table.TableVersion;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * One column of one window and slice, compared with its reference.
 *
 * @param previous start of the window it is compared with; empty = the training rows
 * @param adjusted p-value after Benjamini–Hochberg; NaN without a test
 */
public record Comparison(
        TableVersion table,
        TrainingProfile.Column column,
        long window,
        Optional<GroupCounts.Slice> slice,
        Optional<Long> previous,
        Counted reference,
        Counted current,
        ColumnDrift drift,
        double adjusted,
        Verdict verdict) {

    /** What is compared, before the correction for many tests. */
    record Pair(
            TableVersion table,
            TrainingProfile.Column column,
            long window,
            Optional<GroupCounts.Slice> slice,
            Optional<Long> previous,
            Counted reference,
            Counted current) {}

    /** Compares pairs that belong together: those of one window and one kind of reference. */
    static List<Comparison> of(List<Pair> family, Thresholds thresholds) {
        List<ColumnDrift> drifts = new ArrayList<>();
        double[] pvalues = new double[family.size()];
        for (int i = 0; i < pvalues.length; i++) {
            Pair pair = family.get(i);
            drifts.add(ColumnDrift.between(pair.column().bins(), pair.reference(), pair.current(), thresholds));
            boolean enough = Math.min(pair.reference().rows(), pair.current().rows()) >= thresholds.minRows();
            // What gets no verdict must not weaken the tests of what does.
            pvalues[i] = enough ? drifts.get(i).pvalue() : Double.NaN;
        }
        double[] adjusted = FalseDiscovery.adjusted(pvalues);
        List<Comparison> comparisons = new ArrayList<>();
        for (int i = 0; i < pvalues.length; i++) {
            Pair pair = family.get(i);
            comparisons.add(new Comparison(
                    pair.table(),
                    pair.column(),
                    pair.window(),
                    pair.slice(),
                    pair.previous(),
                    pair.reference(),
                    pair.current(),
                    drifts.get(i),
                    adjusted[i],
                    Verdict.of(
                            pair.reference().rows(), pair.current().rows(), drifts.get(i), adjusted[i], thresholds)));
        }
        return comparisons;
    }

    /** The comparisons of whole tables in the newest window that has a verdict. */
    public static List<Comparison> newest(List<Comparison> comparisons) {
        List<Comparison> judged = comparisons.stream()
                .filter(comparison -> comparison.slice().isEmpty() && comparison.verdict() != Verdict.NOT_ENOUGH_DATA)
                .toList();
        Optional<Long> last = judged.stream().map(Comparison::window).max(Long::compare);
        return judged.stream()
                .filter(comparison -> comparison.window() == last.orElseThrow())
                .toList();
    }
}
