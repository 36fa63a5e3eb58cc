package dev.millrace.registry.resource.drift;

import dev.millrace.registry.platform.search.Page;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jdbi.v3.core.Handle;

/**
 * Reads rows by window, page by page. Blocks come in the order of an index, those of one window as they were written; within
 * a block rows are by column. A page costs the blocks it looks into, at most {@value #MOST_BLOCKS}: it ends there, with a
 * token, when a column is rare.
 */
final class RowPages {
    private static final int MOST_BLOCKS = 1_000;

    /** What is asked for; absent: any. */
    record Asked(
            String model,
            Optional<String> version,
            Optional<String> column,
            Optional<String> driftType,
            Optional<String> sliceKey,
            Optional<String> sliceValue,
            Optional<Long> from,
            Optional<Long> to) {
        boolean accepts(DriftSeries.Name series) {
            return version.map(series.version()::equals).orElse(true)
                    && driftType.map(series.driftType()::equals).orElse(true)
                    && sliceKey.map(series.sliceKey()::equals).orElse(true)
                    && sliceValue.map(series.sliceValue()::equals).orElse(true);
        }
    }

    private final Handle tx;
    private final Asked asked;
    private final long modelId;
    private final Map<String, Long> columns;
    private final List<Long> series;
    private final boolean everySeries;
    private final BlockRepository blocks = new BlockRepository();
    private final Map<Long, String> names = new HashMap<>();

    RowPages(Handle tx, Asked asked, long modelId, Map<String, Long> columns) {
        this.tx = tx;
        this.asked = asked;
        this.modelId = modelId;
        this.columns = columns;
        columns.forEach((name, id) -> names.put(id, name));
        List<DriftSeries> all = new SummaryRepository().series(tx, modelId);
        this.series = all.stream()
                .filter(one -> asked.accepts(one.name()))
                .map(DriftSeries::id)
                .toList();
        this.everySeries = series.size() == all.size();
    }

    /** @param token of the page before */
    Page<Map<String, Object>> page(int maxResults, Optional<RowToken> token) {
        if (series.isEmpty()
                || asked.column().filter(name -> !columns.containsKey(name)).isPresent()) {
            return new Page<>(List.of(), Optional.empty());
        }
        List<Map<String, Object>> rows = new ArrayList<>();
        List<BlockRepository.Place> places = places(token);
        for (BlockRepository.Place place : places.subList(0, Math.min(MOST_BLOCKS, places.size()))) {
            int begin = token.filter(last -> last.block() == place.id())
                    .map(last -> last.row() + 1)
                    .orElse(0);
            Block block = blocks.block(tx, place.id());
            for (int row : rowsOf(block)) {
                if (row < begin) continue;
                if (rows.size() == maxResults) return new Page<>(rows, Optional.of(before(place, row)));
                rows.add(json(block, row));
            }
        }
        return new Page<>(
                rows, places.size() > MOST_BLOCKS ? Optional.of(before(places.get(MOST_BLOCKS), 0)) : Optional.empty());
    }

    private String before(BlockRepository.Place place, int row) {
        return new RowToken(asked.hashCode(), place.windowStart(), place.id(), row - 1).encoded();
    }

    private List<BlockRepository.Place> places(Optional<RowToken> token) {
        long from = token.map(RowToken::window).orElse(asked.from().orElse(Long.MIN_VALUE));
        long to = asked.to().orElse(Long.MAX_VALUE);
        long fromBlock = token.map(RowToken::block).orElse(0L);
        BlockRepository.Span span = new BlockRepository.Span(from, fromBlock, to, MOST_BLOCKS + 1);
        if (series.size() == 1) return blocks.ofSeries(tx, series.get(0), span);
        return everySeries ? blocks.ofModel(tx, modelId, span) : blocks.ofModel(tx, modelId, series, span);
    }

    private List<Integer> rowsOf(Block block) {
        List<Integer> rows = new ArrayList<>();
        if (asked.column().isPresent()) {
            int row = block.rowOf(columns.get(asked.column().get()));
            if (row >= 0) rows.add(row);
        } else {
            for (int row = 0; row < block.rows(); row++) rows.add(row);
        }
        return rows;
    }

    private Map<String, Object> json(Block block, int row) {
        return Leaves.json(block.values(row), names.get(block.columnId(row)));
    }

    /**
     * Rows of one column, of at most {@code points} windows that are evenly spaced among those there are, the first and the
     * last among them.
     */
    List<Map<String, Object>> sampled(int points) {
        List<Map<String, Object>> rows = new ArrayList<>();
        if (series.isEmpty() || asked.column().filter(columns::containsKey).isEmpty()) return rows;
        List<BlockRepository.Place> places = blocks.ofSeries(
                tx,
                series.get(0),
                new BlockRepository.Span(
                        asked.from().orElse(Long.MIN_VALUE), 0, asked.to().orElse(Long.MAX_VALUE), Integer.MAX_VALUE));
        Set<Long> chosen = spaced(
                places.stream()
                        .map(BlockRepository.Place::windowStart)
                        .distinct()
                        .toList(),
                points);
        for (BlockRepository.Place place : places) {
            if (!chosen.contains(place.windowStart())) continue;
            Block block = blocks.block(tx, place.id());
            for (int row : rowsOf(block)) rows.add(json(block, row));
        }
        return rows;
    }

    /** How many series are asked for: a history is of one. */
    int series() {
        return series.size();
    }

    private static Set<Long> spaced(List<Long> windows, int points) {
        Set<Long> chosen = new HashSet<>();
        for (long i = 0; i < points; i++) {
            chosen.add(windows.get((int) (i * (windows.size() - 1) / Math.max(1, points - 1))));
        }
        return chosen;
    }
}
