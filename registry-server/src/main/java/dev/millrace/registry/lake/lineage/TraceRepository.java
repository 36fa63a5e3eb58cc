package dev.millrace.registry.lake.lineage;

import dev.millrace.registry.lake.tables.DeltaLog;
import dev.millrace.registry.lake.tables.Maker;
import dev.millrace.registry.lake.tables.RunRecord;
import dev.millrace.registry.lake.tables.TableCommit;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.PreparedBatch;

/** SQL that stores what commits and records say, and removes it again. */
final class TraceRepository {
    Map<String, ReadTable> tables(Handle tx) {
        Map<String, ReadTable> tables = new HashMap<>();
        tx.createQuery("SELECT * FROM lineage_tables")
                .map((row, context) -> Map.entry(
                        row.getString("name"),
                        new ReadTable(
                                row.getLong("id"),
                                row.getLong("first_version"),
                                row.getLong("newest_version"),
                                new DeltaLog.Stamp(row.getLong("modified_at"), row.getLong("size")),
                                row.getString("problem"))))
                .forEach(table -> tables.put(table.getKey(), table.getValue()));
        return tables;
    }

    long insertTable(Handle tx, String name) {
        return tx.createUpdate(
                        """
                        INSERT INTO lineage_tables (name, first_version, newest_version, modified_at, size, problem)
                        VALUES (:name, -1, -1, 0, 0, '')""")
                .bind("name", name)
                .executeAndReturnGeneratedKeys("id")
                .mapTo(Long.class)
                .one();
    }

    void updateTable(Handle tx, ReadTable table) {
        tx.createUpdate(
                        """
                        UPDATE lineage_tables SET first_version = :first, newest_version = :newest,
                          modified_at = :modified, size = :size, problem = :problem WHERE id = :id""")
                .bind("id", table.id())
                .bind("first", table.first())
                .bind("newest", table.newest())
                .bind("modified", table.stamp().modifiedMillis())
                .bind("size", table.stamp().size())
                .bind("problem", table.problem())
                .execute();
    }

    void deleteTable(Handle tx, long id) {
        deleteBelow(tx, id, Long.MAX_VALUE);
        tx.createUpdate("DELETE FROM lineage_tables WHERE id = :id")
                .bind("id", id)
                .execute();
    }

    /** Forgets commits older than {@code version}, and runs that left nothing else. */
    void deleteBelow(Handle tx, long tableId, long version) {
        Set<String> runs = new HashSet<>(tx.createQuery(
                        """
                        SELECT DISTINCT run_uuid FROM lineage_changes
                        WHERE table_id = :id AND version < :version AND run_uuid <> ''""")
                .bind("id", tableId)
                .bind("version", version)
                .mapTo(String.class)
                .list());
        for (String table : List.of("lineage_edges", "lineage_changes")) {
            tx.createUpdate("DELETE FROM " + table + " WHERE table_id = :id AND version < :version")
                    .bind("id", tableId)
                    .bind("version", version)
                    .execute();
        }
        runs.forEach(run -> forgetIfGone(tx, run));
    }

    private static void forgetIfGone(Handle tx, String run) {
        tx.createUpdate(
                        """
                        DELETE FROM lineage_runs WHERE run_uuid = :run
                          AND NOT EXISTS (SELECT 1 FROM lineage_edges WHERE run_uuid = :run)
                          AND NOT EXISTS (SELECT 1 FROM lineage_records WHERE run_uuid = :run)""")
                .bind("run", run)
                .execute();
    }

    /** Adds commits of one table; those that changed no row say nothing. */
    void addCommits(Handle tx, long tableId, String name, List<TableCommit> commits) {
        PreparedBatch changes =
                tx.prepareBatch("INSERT INTO lineage_changes VALUES (:table, :version, :operation, :all, :run, :at)");
        PreparedBatch edges = tx.prepareBatch(EDGE);
        Map<String, Run> runs = new LinkedHashMap<>();
        for (TableCommit commit : commits) {
            if (!commit.dataChange()) continue;
            changes.bind("table", tableId)
                    .bind("version", commit.version())
                    .bind("operation", commit.operation())
                    .bind("all", commit.replacesAll() ? 1 : 0)
                    .bind("run", commit.maker().map(Maker::runId).orElse(""))
                    .bind("at", commit.at())
                    .add();
            if (commit.maker().isEmpty()) continue;
            Maker maker = commit.maker().get();
            Run run = new Run(maker.runId(), maker.job(), commit.at());
            runs.merge(run.id(), run, (before, now) -> now.at() >= before.at() ? now : before);
            Origin origin = new Origin(run, tableId, commit.version());
            maker.inputs().stream().distinct().forEach(ref -> add(edges, origin, ref, false));
            add(edges, origin, name + "@" + commit.version(), true);
        }
        if (changes.size() > 0) changes.execute();
        // Until its record is there a run ends with its last commit.
        store(
                tx,
                """
                INSERT INTO lineage_runs VALUES (:run, :job, :at, 0)
                ON CONFLICT (run_uuid) DO UPDATE SET ended_at = excluded.ended_at
                WHERE lineage_runs.finished = 0 AND lineage_runs.ended_at < excluded.ended_at""",
                runs,
                edges);
    }

    /** Adds records by the names of their files. */
    void addRecords(Handle tx, Map<String, RunRecord> records) {
        PreparedBatch files = tx.prepareBatch("INSERT INTO lineage_records VALUES (:file, :run)");
        PreparedBatch edges = tx.prepareBatch(EDGE);
        Map<String, Run> runs = new LinkedHashMap<>();
        records.forEach((file, record) -> {
            files.bind("file", file).bind("run", record.runId()).add();
            Run run = new Run(record.runId(), record.job(), record.endedAt());
            runs.put(run.id(), run);
            Origin origin = new Origin(run, 0, 0);
            record.inputs().stream().distinct().forEach(ref -> add(edges, origin, ref, false));
            record.outputs().stream().distinct().forEach(ref -> add(edges, origin, ref, true));
        });
        files.execute();
        store(
                tx,
                """
                INSERT INTO lineage_runs VALUES (:run, :job, :at, 1)
                ON CONFLICT (run_uuid) DO UPDATE SET job = excluded.job, ended_at = excluded.ended_at, finished = 1""",
                runs,
                edges);
    }

    /** Runs, each once (PostgreSQL takes a batch as one statement, which may not change a row twice), then what they did. */
    private static void store(Handle tx, String sql, Map<String, Run> runs, PreparedBatch edges) {
        if (runs.isEmpty()) return;
        PreparedBatch batch = tx.prepareBatch(sql);
        runs.values().forEach(run -> batch.bind("run", run.id())
                .bind("job", run.job())
                .bind("at", run.at())
                .add());
        batch.execute();
        if (edges.size() > 0) edges.execute();
        updateTimes(tx, runs.keySet());
    }

    /** Of these files those that were read. */
    Set<String> known(Handle tx, List<String> files) {
        return new HashSet<>(tx.createQuery("SELECT file FROM lineage_records WHERE file IN (<files>)")
                .bindList("files", files)
                .mapTo(String.class)
                .list());
    }

    long records(Handle tx) {
        return tx.createQuery("SELECT COUNT(*) FROM lineage_records")
                .mapTo(Long.class)
                .one();
    }

    /** At most {@code most} files that were read, after {@code last}. */
    List<String> filesAfter(Handle tx, String last, int most) {
        return tx.createQuery("SELECT file FROM lineage_records WHERE file > :last ORDER BY file LIMIT :most")
                .bind("last", last)
                .bind("most", most)
                .mapTo(String.class)
                .list();
    }

    /** Forgets a record; its run stays as far as it left commits. */
    void deleteRecord(Handle tx, String file) {
        Optional<String> run = tx.createQuery("SELECT run_uuid FROM lineage_records WHERE file = :file")
                .bind("file", file)
                .mapTo(String.class)
                .findOne();
        if (run.isEmpty()) return;
        tx.createUpdate("DELETE FROM lineage_records WHERE file = :file")
                .bind("file", file)
                .execute();
        tx.createUpdate("DELETE FROM lineage_edges WHERE run_uuid = :run AND table_id = 0")
                .bind("run", run.get())
                .execute();
        tx.createUpdate(
                        """
                        UPDATE lineage_runs SET finished = 0,
                          ended_at = COALESCE((SELECT MAX(committed_at) FROM lineage_changes WHERE run_uuid = :run), 0)
                        WHERE run_uuid = :run""")
                .bind("run", run.get())
                .execute();
        updateTimes(tx, List.of(run.get()));
        forgetIfGone(tx, run.get());
    }

    /** As one trace tells of it. */
    private record Run(String id, String job, long at) {}

    /** Where an edge was read. */
    private record Origin(Run run, long tableId, long version) {}

    private static final String EDGE =
            """
            INSERT INTO lineage_edges (run_uuid, ref, is_output, ended_at, ref_table, ref_version, table_id, version)
            VALUES (:run, :ref, :output, :at, :ref_table, :ref_version, :table, :version)""";

    private static void add(PreparedBatch edges, Origin origin, String ref, boolean isOutput) {
        Optional<At> at = At.parse(ref);
        edges.bind("run", origin.run().id())
                .bind("ref", ref)
                .bind("output", isOutput ? 1 : 0)
                .bind("at", origin.run().at())
                .bind("ref_table", at.map(At::table).orElse(""))
                .bind("ref_version", at.map(At::version).orElse(0L))
                .bind("table", origin.tableId())
                .bind("version", origin.version())
                .add();
    }

    /** Other traces of these runs may have another time than the run has now. */
    private static void updateTimes(Handle tx, Collection<String> runs) {
        String ended = "(SELECT r.ended_at FROM lineage_runs r WHERE r.run_uuid = lineage_edges.run_uuid)";
        tx.createUpdate("UPDATE lineage_edges SET ended_at = " + ended + " WHERE run_uuid IN (<runs>) AND ended_at <> "
                        + ended)
                .bindList("runs", List.copyOf(runs))
                .execute();
    }
}
