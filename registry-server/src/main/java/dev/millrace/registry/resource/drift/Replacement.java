package dev.millrace.registry.resource.drift;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jdbi.v3.core.Handle;

/**
 * Puts the rows of one request in the place of what its owner sent before, and brings the summaries up to date, within one
 * transaction. Of a key (window, slice, column, drift type) there is one row at any time: the last sent, whoever sent it.
 * Cost: what the request and what it replaces hold; nothing grows with history.
 */
final class Replacement {
    private final Handle tx;
    private final DriftKey key;
    private final BlockRepository blocks = new BlockRepository();
    private final SummaryRepository summaries = new SummaryRepository();
    private final long modelId;
    private final Map<String, Long> columns;
    private final Map<DriftSeries.Name, Long> series = new HashMap<>();
    private final Map<Long, Integer> counts = new HashMap<>();
    private final Set<Long> emptied = new HashSet<>();

    private Replacement(Handle tx, DriftKey key) {
        this.tx = tx;
        this.key = key;
        this.modelId = summaries.model(tx, key.model()).orElseGet(() -> summaries.insertModel(tx, key.model()));
        this.columns = summaries.columns(tx, modelId);
        summaries.series(tx, modelId).forEach(one -> series.put(one.name(), one.id()));
    }

    /** @param now epoch milliseconds */
    static void run(Handle tx, DriftKey key, DriftPut put, long now) {
        new Replacement(tx, key).run(put, now);
    }

    private void run(DriftPut put, long now) {
        boolean before = blocks.hasWindow(tx, modelId, key.windowStart());
        BlockRepository.PartKey part = new BlockRepository.PartKey(
                modelId,
                key.version(),
                key.windowStart(),
                put.granularity(),
                put.owner().orElse(""),
                put.part().orElse(1));
        blocks.partsToReplace(tx, part, put.parts().orElse(1)).forEach(this::remove);
        if (!put.rows().isEmpty()) {
            long partId = blocks.insertPart(tx, part, put.runId(), now);
            grouped(put).forEach((group, rows) -> write(partId, group, rows));
        }
        summaries.countBlocks(tx, modelId, counts);
        summaries.dropEmptySeries(tx, emptied);
        boolean after = blocks.hasWindow(tx, modelId, key.windowStart());
        int more = (after ? 1 : 0) - (before ? 1 : 0);
        if (summaries.updateSpan(tx, modelId, key.windowStart(), more)) updateLatest();
    }

    private void remove(long partId) {
        for (BlockRepository.Place place : blocks.ofPart(tx, partId)) remove(place, blocks.block(tx, place.id()));
        blocks.deletePart(tx, partId);
    }

    private void remove(BlockRepository.Place place, Block block) {
        for (int row = 0; row < block.rows(); row++) counts.merge(block.columnId(row), -1, Integer::sum);
        blocks.delete(tx, place.id());
        emptied.add(place.seriesId());
    }

    /** Which block a row belongs to. */
    private record Group(long seriesId, long windowEnd) {}

    /** By column; of a key that comes twice the last stays. */
    private Map<Group, Map<String, DriftRow>> grouped(DriftPut put) {
        Map<Group, Map<String, DriftRow>> groups = new LinkedHashMap<>();
        for (DriftRow row : put.rows()) {
            Group group = new Group(seriesOf(row), row.window().end().orElse(key.windowStart()));
            groups.computeIfAbsent(group, unseen -> new TreeMap<>()).put(row.columnName(), row);
        }
        return groups;
    }

    private long seriesOf(DriftRow row) {
        return series.computeIfAbsent(
                DriftSeries.Name.of(key.version(), row), name -> summaries.insertSeries(tx, modelId, name));
    }

    private void write(long partId, Group group, Map<String, DriftRow> rows) {
        List<Object[]> values = new ArrayList<>(rows.size());
        Set<Long> written = new HashSet<>();
        rows.forEach((column, row) -> {
            long id = columns.computeIfAbsent(column, name -> summaries.insertColumn(tx, modelId, name));
            written.add(id);
            counts.merge(id, 1, Integer::sum);
            values.add(Leaves.values(row, id));
        });
        takeOver(group, written);
        insert(partId, group, values);
    }

    private void insert(long partId, Group group, List<Object[]> values) {
        BlockRepository.Place place =
                new BlockRepository.Place(0, partId, group.seriesId(), key.windowStart(), group.windowEnd());
        blocks.insert(tx, modelId, place, BlockWriter.write(values));
    }

    /** Removes rows of these columns from what others sent of the same window and series. */
    private void takeOver(Group group, Set<Long> written) {
        for (BlockRepository.Place place :
                blocks.ofSeries(tx, group.seriesId(), BlockRepository.Span.of(key.windowStart()))) {
            if (place.windowEnd() != group.windowEnd()) continue;
            Block block = blocks.block(tx, place.id());
            List<Object[]> others = new ArrayList<>();
            for (int row = 0; row < block.rows(); row++) {
                if (!written.contains(block.columnId(row))) others.add(block.values(row));
            }
            if (others.size() == block.rows()) continue;
            remove(place, block);
            others.forEach(row -> counts.merge((Long) row[Leaves.COLUMN], 1, Integer::sum));
            if (!others.isEmpty()) insert(place.partId(), group, others);
        }
    }

    /** The highest version that has the newest window, and its columns that drifted there, in whatever slice. */
    private void updateLatest() {
        Map<Long, String> versions = new HashMap<>();
        series.forEach((name, id) -> versions.put(id, name.version()));
        List<BlockRepository.Place> newest = blocks.inWindow(tx, modelId, summaries.latestWindow(tx, modelId));
        String version = newest.stream()
                .map(place -> versions.get(place.seriesId()))
                .max(DriftKey.BY_VERSION)
                .orElse("");
        Set<Long> drifted = new HashSet<>();
        for (BlockRepository.Place place : newest) {
            if (!versions.get(place.seriesId()).equals(version)) continue;
            Block block = blocks.block(tx, place.id());
            for (int row = 0; row < block.rows(); row++) {
                if ("drift".equals(block.value(Leaves.VERDICT, row))) drifted.add(block.columnId(row));
            }
        }
        summaries.updateLatest(tx, modelId, version, drifted.size());
    }
}
