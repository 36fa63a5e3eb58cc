package dev.millrace.registry.resource.drift;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jdbi.v3.core.Handle;

/** Finds how columns stand in each model's newest window: one block, as a rule, per model. */
final class NewestDrift {
    private final BlockRepository blocks = new BlockRepository();
    private final SummaryRepository summaries = new SummaryRepository();

    /** Of several versions in that window the highest counts. */
    List<ColumnDrift> of(Handle tx, Collection<String> models, Set<String> columns) {
        Map<Long, List<SummaryRepository.Newest>> byModel = new LinkedHashMap<>();
        for (SummaryRepository.Newest one : summaries.newest(tx, models)) {
            byModel.computeIfAbsent(one.modelId(), id -> new ArrayList<>()).add(one);
        }
        List<ColumnDrift> found = new ArrayList<>();
        byModel.values().forEach(series -> add(tx, series, columns, found));
        return found;
    }

    private void add(Handle tx, List<SummaryRepository.Newest> series, Set<String> columns, List<ColumnDrift> found) {
        long latest = series.stream()
                .mapToLong(SummaryRepository.Newest::window)
                .max()
                .orElseThrow();
        Map<Long, String> names = new HashMap<>();
        summaries.columns(tx, series.get(0).modelId()).forEach((name, id) -> {
            if (columns.contains(name)) names.put(id, name);
        });
        Set<String> known = new HashSet<>();
        series.stream()
                .filter(one -> one.window() == latest)
                .sorted((left, right) -> DriftKey.BY_VERSION.compare(right.version(), left.version()))
                .forEach(one -> blocks.each(tx, one.seriesId(), BlockRepository.Span.of(latest), (window, block) -> {
                    for (int row = 0; row < block.rows(); row++) {
                        String column = names.get(block.columnId(row));
                        if (column == null || !known.add(column)) continue;
                        found.add(new ColumnDrift(
                                one.model(), one.version(), column, window, verdict(block, row), psi(block, row)));
                    }
                }));
    }

    private static String verdict(Block block, int row) {
        Object verdict = block.value(Leaves.VERDICT, row);
        return verdict == null ? "" : (String) verdict;
    }

    private static Optional<Double> psi(Block block, int row) {
        return Optional.ofNullable((Double) block.value(Leaves.PSI, row)).filter(Double::isFinite);
    }
}
