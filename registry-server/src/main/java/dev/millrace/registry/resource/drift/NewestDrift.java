package dev.millrace.registry.resource.drift;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import org.jdbi.v3.core.Handle;

/** Finds how columns stand in each model's newest window: one block, as a rule, per model. */
final class NewestDrift {
    private final BlockRepository blocks = new BlockRepository();
    private final SummaryRepository summaries = new SummaryRepository();

    /** Of several versions in that window the highest counts. */
    List<ColumnDrift> of(Handle tx, Collection<String> models, Set<String> columns) {
        List<ColumnDrift> found = new ArrayList<>();
        for (String model : models) {
            OptionalLong id = summaries.model(tx, model);
            if (id.isPresent()) add(tx, model, id.getAsLong(), columns, found);
        }
        return found;
    }

    private void add(Handle tx, String model, long modelId, Set<String> columns, List<ColumnDrift> found) {
        Map<DriftSeries, Long> newest = new HashMap<>();
        for (DriftSeries series : summaries.series(tx, modelId)) {
            if (!series.isWholeAgainstTraining()) continue;
            blocks.newestWindow(tx, series.id()).ifPresent(window -> newest.put(series, window));
        }
        Optional<Long> latest = newest.values().stream().max(Long::compare);
        if (latest.isEmpty()) return;
        Map<Long, String> names = new HashMap<>();
        summaries.columns(tx, modelId).forEach((name, id) -> {
            if (columns.contains(name)) names.put(id, name);
        });
        Set<String> known = new HashSet<>();
        newest.entrySet().stream()
                .filter(entry -> entry.getValue().equals(latest.get()))
                .map(Map.Entry::getKey)
                .sorted((left, right) -> DriftKey.BY_VERSION.compare(right.version(), left.version()))
                .forEach(series -> {
                    for (BlockRepository.Place place :
                            blocks.ofSeries(tx, series.id(), BlockRepository.Span.of(latest.get()))) {
                        Block block = blocks.block(tx, place.id());
                        for (int row = 0; row < block.rows(); row++) {
                            String column = names.get(block.columnId(row));
                            if (column == null || !known.add(column)) continue;
                            found.add(new ColumnDrift(
                                    model,
                                    series.version(),
                                    column,
                                    latest.get(),
                                    verdict(block, row),
                                    psi(block, row)));
                        }
                    }
                });
    }

    private static String verdict(Block block, int row) {
        Object verdict = block.value(Leaves.VERDICT, row);
        return verdict == null ? "" : (String) verdict;
    }

    private static Optional<Double> psi(Block block, int row) {
        return Optional.ofNullable((Double) block.value(Leaves.PSI, row)).filter(Double::isFinite);
    }
}
