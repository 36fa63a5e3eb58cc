package dev.millrace.registry.platform.storage;

import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.PreparedBatch;

/**
 * A table of texts by owner and key: tags and params of experiments, runs, models. All have the columns {@code owner_id,
 * key, value} with primary key {@code (owner_id, key)}.
 *
 * @param table its name; a constant of the code, never input
 */
public record TagTable(String table) {
    /** Bound variables per statement; SQLite takes 32766. */
    static final int CHUNK = 500;

    /** Inserts or overwrites; of a key that comes twice the last stays. */
    public void put(Handle tx, long owner, Collection<Tag> tags) {
        if (tags.isEmpty()) return;
        // PostgreSQL takes a batch as one statement, which may not change a row twice.
        Map<String, Tag> last = new LinkedHashMap<>();
        tags.forEach(tag -> last.put(tag.key(), tag));
        PreparedBatch batch = tx.prepareBatch("INSERT INTO " + table + " (owner_id, key, value)"
                + " VALUES (:owner, :key, :value)"
                + " ON CONFLICT (owner_id, key) DO UPDATE SET value = excluded.value");
        for (Tag tag : last.values()) {
            batch.bind("owner", owner)
                    .bind("key", tag.key())
                    .bind("value", tag.value())
                    .add();
        }
        batch.execute();
    }

    /** Inserts what is not there yet; what is there stays. */
    public void putNew(Handle tx, long owner, Collection<Tag> tags) {
        if (tags.isEmpty()) return;
        PreparedBatch batch = tx.prepareBatch("INSERT INTO " + table + " (owner_id, key, value)"
                + " VALUES (:owner, :key, :value) ON CONFLICT (owner_id, key) DO NOTHING");
        for (Tag tag : tags) {
            batch.bind("owner", owner)
                    .bind("key", tag.key())
                    .bind("value", tag.value())
                    .add();
        }
        batch.execute();
    }

    public Optional<String> find(Handle tx, long owner, String key) {
        return tx.createQuery("SELECT value FROM " + table + " WHERE owner_id = :owner AND key = :key")
                .bind("owner", owner)
                .bind("key", key)
                .mapTo(String.class)
                .findOne();
    }

    /** @return whether there was one */
    public boolean delete(Handle tx, long owner, String key) {
        return tx.createUpdate("DELETE FROM " + table + " WHERE owner_id = :owner AND key = :key")
                        .bind("owner", owner)
                        .bind("key", key)
                        .execute()
                > 0;
    }

    public void deleteAll(Handle tx, long owner) {
        tx.createUpdate("DELETE FROM " + table + " WHERE owner_id = :owner")
                .bind("owner", owner)
                .execute();
    }

    /** Tags of one owner, by key. */
    public List<Tag> of(Handle tx, long owner) {
        return of(tx, List.of(owner)).getOrDefault(owner, List.of());
    }

    /** Tags of each owner that has any, by key. */
    public Map<Long, List<Tag>> of(Handle tx, List<Long> owners) {
        Map<Long, List<Tag>> found = new LinkedHashMap<>();
        for (List<Long> chunk : chunks(owners)) {
            tx.createQuery("SELECT owner_id, key, value FROM " + table
                            + " WHERE owner_id IN (<owners>) ORDER BY owner_id, key")
                    .bindList("owners", chunk)
                    .map((row, context) -> {
                        found.computeIfAbsent(row.getLong("owner_id"), owner -> new ArrayList<>())
                                .add(new Tag(row.getString("key"), row.getString("value")));
                        return 1;
                    })
                    .list();
        }
        return found;
    }

    /** Cuts a list of ids into pieces that one statement can bind. */
    public static <T> List<List<T>> chunks(List<T> all) {
        List<List<T>> chunks = new ArrayList<>();
        for (int from = 0; from < all.size(); from += CHUNK) {
            chunks.add(all.subList(from, Math.min(all.size(), from + CHUNK)));
        }
        return chunks;
    }
}
