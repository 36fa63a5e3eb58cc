package dev.millrace.job.monitoring;

import dev.millrace.engine.drift.Verdict;
import dev.millrace.engine.measure.Scorecard;
import dev.millrace.engine.monitor.Comparison;
import dev.millrace.engine.monitor.MonitorRows;
import dev.millrace.engine.monitor.Windowed;
import dev.millrace.platform.table.Commit;
import dev.millrace.platform.tracking.Run;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;

/** What a run of monitoring tells in a sentence and in metrics. */
final class MonitorSummary {
    private MonitorSummary() {}

    static MonitorResult of(
            MonitorConfig config, List<Comparison> comparisons, List<Windowed> tables, List<Commit> commits) {
        List<Comparison> newest = Comparison.newest(comparisons);
        List<String> drifted = columns(newest, Verdict.DRIFT);
        List<String> watched = columns(newest, Verdict.WATCH);
        TreeSet<Long> windows = new TreeSet<>();
        comparisons.forEach(comparison -> windows.add(comparison.window()));
        long rows = tables.stream()
                .flatMap(table -> table.counts().groups().entrySet().stream())
                .filter(entry ->
                        entry.getKey().slice().isEmpty() && !entry.getValue().isEmpty())
                .mapToLong(entry -> entry.getValue().get(0).rows())
                .sum();
        return new MonitorResult(
                commits, rows, windows.size(), drifted, watched, sentence(config, newest, drifted, watched));
    }

    private static String sentence(
            MonitorConfig config, List<Comparison> newest, List<String> drifted, List<String> watched) {
        if (newest.isEmpty()) return "no window has enough rows for a verdict";
        String start = MonitorRows.instant(newest.get(0).window()).toString();
        String said = drifted.isEmpty() ? "no drift" : "drift in " + String.join(", ", drifted);
        if (!watched.isEmpty()) said += "; watch " + String.join(", ", watched);
        return said + " (" + config.granularity().text() + " from " + start + ")";
    }

    private static List<String> columns(List<Comparison> comparisons, Verdict verdict) {
        return comparisons.stream()
                .filter(comparison -> comparison.verdict() == verdict)
                .map(comparison -> comparison.column().name())
                .distinct()
                .sorted()
                .toList();
    }

    /** One step per window, so that the run shows them over time. */
    static void metrics(Run run, List<Comparison> comparisons, Map<Long, Scorecard> qualities) {
        TreeMap<Long, List<Comparison>> byWindow = new TreeMap<>();
        for (Comparison comparison : comparisons) {
            if (comparison.slice().isPresent()) continue;
            byWindow.computeIfAbsent(comparison.window(), unseen -> new ArrayList<>())
                    .add(comparison);
        }
        qualities.keySet().forEach(start -> byWindow.computeIfAbsent(start, unseen -> new ArrayList<>()));
        int number = 0;
        for (Map.Entry<Long, List<Comparison>> window : byWindow.entrySet()) {
            List<Comparison> columns = window.getValue();
            long step = number++;
            run.metric("drifted", (double) columns(columns, Verdict.DRIFT).size(), step);
            largest(columns, true).ifPresent(largest -> run.metric("largest_psi", largest, step));
            largest(columns, false).ifPresent(largest -> run.metric("largest_ks", largest, step));
            Scorecard quality = qualities.get(window.getKey());
            if (quality != null) quality.measures().forEach((name, value) -> run.metric(name, value, step));
        }
    }

    private static Optional<Double> largest(List<Comparison> comparisons, boolean psi) {
        return comparisons.stream()
                .map(comparison ->
                        psi ? comparison.drift().psi() : comparison.drift().ks().statistic())
                .filter(value -> !value.isNaN())
                .max(Double::compare);
    }
}
