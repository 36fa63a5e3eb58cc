package dev.millrace.registry.resource.drift;

import java.util.List;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.Query;

/** SQL of parts and blocks. Lists of blocks carry no data: it is read block by block, as far as it is needed. */
final class BlockRepository {
    /** A block without its rows. */
    record Place(long id, long partId, long seriesId, long windowStart, long windowEnd) {}

    /** What a request is the whole of. */
    record PartKey(long modelId, String version, long windowStart, String granularity, String owner, int part) {}

    private static final int AT_ONCE = 50;
    private static final String PLACE = "SELECT id, part_id, series_id, window_start, window_end FROM drift_blocks ";

    /** The part itself, and those after the last one. */
    List<Long> partsToReplace(Handle tx, PartKey key, int parts) {
        return tx.createQuery(
                        """
                        SELECT id FROM drift_parts
                        WHERE model_id = :model AND version = :version AND window_start = :start
                          AND granularity = :granularity AND owner = :owner AND (part = :part OR part > :parts)""")
                .bind("model", key.modelId())
                .bind("version", key.version())
                .bind("start", key.windowStart())
                .bind("granularity", key.granularity())
                .bind("owner", key.owner())
                .bind("part", key.part())
                .bind("parts", parts)
                .mapTo(Long.class)
                .list();
    }

    void deletePart(Handle tx, long id) {
        tx.createUpdate("DELETE FROM drift_parts WHERE id = :id").bind("id", id).execute();
    }

    long insertPart(Handle tx, PartKey key, String runId, long now) {
        return tx.createUpdate(
                        """
                        INSERT INTO drift_parts (model_id, version, window_start, granularity, owner, part, run_uuid,
                          written_at)
                        VALUES (:model, :version, :start, :granularity, :owner, :part, :run, :now)""")
                .bind("model", key.modelId())
                .bind("version", key.version())
                .bind("start", key.windowStart())
                .bind("granularity", key.granularity())
                .bind("owner", key.owner())
                .bind("part", key.part())
                .bind("run", runId)
                .bind("now", now)
                .executeAndReturnGeneratedKeys("id")
                .mapTo(Long.class)
                .one();
    }

    void insert(Handle tx, long modelId, Place place, byte[] data) {
        tx.createUpdate(
                        """
                        INSERT INTO drift_blocks (part_id, model_id, series_id, window_start, window_end, data)
                        VALUES (:part, :model, :series, :start, :end, :data)""")
                .bind("part", place.partId())
                .bind("model", modelId)
                .bind("series", place.seriesId())
                .bind("start", place.windowStart())
                .bind("end", place.windowEnd())
                .bind("data", data)
                .execute();
    }

    void delete(Handle tx, long id) {
        tx.createUpdate("DELETE FROM drift_blocks WHERE id = :id")
                .bind("id", id)
                .execute();
    }

    Block block(Handle tx, long id) {
        return Block.of(tx.createQuery("SELECT data FROM drift_blocks WHERE id = :id")
                .bind("id", id)
                .mapTo(byte[].class)
                .one());
    }

    List<Place> ofPart(Handle tx, long partId) {
        return places(
                tx.createQuery(PLACE + "WHERE part_id = :part ORDER BY id").bind("part", partId));
    }

    List<Place> inWindow(Handle tx, long modelId, long windowStart) {
        return places(tx.createQuery(PLACE + "WHERE model_id = :model AND window_start = :start ORDER BY id")
                .bind("model", modelId)
                .bind("start", windowStart));
    }

    /**
     * Which blocks, in the order (window, id).
     *
     * @param fromBlock the least id in the window {@code from}
     * @param to this window and later ones are not read
     */
    record Span(long from, long fromBlock, long to, int most) {
        static Span of(long window) {
            return new Span(window, 0, window + 1, Integer.MAX_VALUE);
        }
    }

    private static final String SPAN =
            """
             AND window_start >= :from AND window_start < :to AND (window_start > :from OR id >= :from_block)
            ORDER BY window_start, id LIMIT :most""";

    List<Place> ofSeries(Handle tx, long seriesId, Span span) {
        return places(bound(tx.createQuery(PLACE + "WHERE series_id = :id" + SPAN), seriesId, span));
    }

    /** What is done with a block that is read. */
    interface Use {
        void of(long windowStart, Block block);
    }

    /** Reads the blocks themselves, some at a time. */
    void each(Handle tx, long seriesId, Span span, Use use) {
        String sql = "SELECT window_start, data FROM drift_blocks WHERE series_id = :id" + SPAN;
        bound(tx.createQuery(sql), seriesId, span)
                .setFetchSize(AT_ONCE)
                .map((row, context) -> {
                    use.of(row.getLong("window_start"), Block.of(row.getBytes("data")));
                    return true;
                })
                .forEach(read -> {});
    }

    List<Place> ofModel(Handle tx, long modelId, Span span) {
        return places(bound(tx.createQuery(PLACE + "WHERE model_id = :id" + SPAN), modelId, span));
    }

    /** The plus keeps both databases to the index whose order is asked for. */
    List<Place> ofModel(Handle tx, long modelId, List<Long> series, Span span) {
        return places(bound(
                tx.createQuery(PLACE + "WHERE model_id = :id AND +series_id IN (<series>)" + SPAN)
                        .bindList("series", series),
                modelId,
                span));
    }

    private static Query bound(Query query, long id, Span span) {
        return query.bind("id", id)
                .bind("from", span.from())
                .bind("from_block", span.fromBlock())
                .bind("to", span.to())
                .bind("most", span.most());
    }

    boolean hasWindow(Handle tx, long modelId, long windowStart) {
        return tx.createQuery("SELECT 1 FROM drift_blocks WHERE model_id = :model AND window_start = :start LIMIT 1")
                .bind("model", modelId)
                .bind("start", windowStart)
                .mapTo(Integer.class)
                .findOne()
                .isPresent();
    }

    /** At most {@code most} different windows of a series from {@code from} on, ascending. */
    List<Long> windowsFrom(Handle tx, long seriesId, long from, int most) {
        return tx.createQuery(
                        """
                        SELECT DISTINCT window_start FROM drift_blocks
                        WHERE series_id = :series AND window_start >= :from ORDER BY window_start LIMIT :most""")
                .bind("series", seriesId)
                .bind("from", from)
                .bind("most", most)
                .mapTo(Long.class)
                .list();
    }

    /** At most {@code most} different windows of a series before {@code end}, the newest first. */
    List<Long> windowsBefore(Handle tx, long seriesId, long end, int most) {
        return tx.createQuery(
                        """
                        SELECT DISTINCT window_start FROM drift_blocks
                        WHERE series_id = :series AND window_start < :end ORDER BY window_start DESC LIMIT :most""")
                .bind("series", seriesId)
                .bind("end", end)
                .bind("most", most)
                .mapTo(Long.class)
                .list();
    }

    private static List<Place> places(Query query) {
        return query.map((row, context) -> new Place(
                        row.getLong("id"),
                        row.getLong("part_id"),
                        row.getLong("series_id"),
                        row.getLong("window_start"),
                        row.getLong("window_end")))
                .list();
    }
}
