package dev.millrace.engine.monitor;

import dev.millrace.engine.model.TrainingProfile;
import dev.millrace.engine.scan.BinCounting;
import dev.millrace.engine.scan.Counted;
import dev.millrace.engine.scan.GroupCounts;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;

/** Pairs every column of every window and slice with its reference, and compares them family by family. */
public record Comparisons(MonitorDeclaration config, TrainingProfile profile, BinCounting.Windows windows) {

    /** @param from first window to report; earlier ones are only compared with */
    public List<Comparison> of(List<Windowed> tables, long from) {
        TreeSet<Long> starts = new TreeSet<>();
        for (Windowed table : tables) {
            table.counts().groups().keySet().forEach(group -> starts.add(group.windowMicros()));
        }
        List<Comparison> all = new ArrayList<>();
        for (long start : starts.tailSet(from)) {
            if (config.baseline().isTraining()) {
                all.addAll(Comparison.of(pairs(tables, start, Optional.empty()), config.thresholds()));
            }
            Optional<Long> before = Optional.ofNullable(starts.lower(start));
            if (config.baseline().isPrevious() && before.isPresent()) {
                all.addAll(Comparison.of(pairs(tables, start, before), config.thresholds()));
            }
        }
        return all;
    }

    private List<Comparison.Pair> pairs(List<Windowed> tables, long start, Optional<Long> before) {
        List<Comparison.Pair> pairs = new ArrayList<>();
        for (Windowed table : tables) {
            table.counts().groups().forEach((group, counted) -> {
                if (group.windowMicros() != start) return;
                for (int i = 0; i < counted.size(); i++) {
                    TrainingProfile.Column column = table.columns().get(i);
                    Optional<Counted> reference = before.isPresent()
                            ? table.group(before.get(), group.slice()).map(at(i))
                            : profile.baseline(column.name(), group.slice());
                    if (reference.isEmpty()) continue;
                    pairs.add(new Comparison.Pair(
                            table.table(), column, start, group.slice(), before, reference.get(), counted.get(i)));
                }
            });
        }
        return pairs;
    }

    private static java.util.function.Function<List<Counted>, Counted> at(int index) {
        return counted -> counted.get(index);
    }

    /** Slices of the windows that training did not profile, so that nothing is said of them. */
    public List<String> slicesWithoutBaseline(List<Windowed> tables) {
        TreeSet<String> missing = new TreeSet<>();
        if (!config.baseline().isTraining()) return List.of();
        for (Windowed table : tables) {
            for (GroupCounts.Group group : table.counts().groups().keySet()) {
                group.slice()
                        .filter(slice -> !profile.slices().containsKey(slice))
                        .ifPresent(slice -> missing.add(slice.key() + "=" + slice.value()));
            }
        }
        return List.copyOf(missing);
    }
}
