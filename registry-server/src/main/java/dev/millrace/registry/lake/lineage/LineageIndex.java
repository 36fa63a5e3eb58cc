package dev.millrace.registry.lake.lineage;

import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.Query;

/**
 * What the commits of all tables and the records of all runs say of each other, as stored. The rules are those of the jobs'
 * index (decision 0003): a version stands for the commits since the table was last replaced whole; one that changed no row
 * stands for the one before it; the first run that names a model version without having read it made it. Every question
 * costs some index entries; lists end at {@value #MOST}. For one transaction.
 */
final class LineageIndex {
    /** More neighbours of one thing are not looked for; a walk follows 50. */
    static final int MOST = 1_000;

    private final Handle tx;
    private final Map<String, Long> tables = new HashMap<>();
    private final Map<String, String> unreadable = new LinkedHashMap<>();
    private final Map<String, Optional<RunFacts>> runs = new HashMap<>();

    LineageIndex(Handle tx) {
        this.tx = tx;
        tx.createQuery("SELECT id, name, problem FROM lineage_tables ORDER BY name")
                .map((row, context) -> {
                    tables.put(row.getString("name"), row.getLong("id"));
                    if (!row.getString("problem").isEmpty()) {
                        unreadable.put(row.getString("name"), row.getString("problem"));
                    }
                    return true;
                })
                .list();
    }

    /** Tables whose log cannot be read to its end, each with the reason: what comes after is missing here. */
    Map<String, String> unreadable() {
        return Collections.unmodifiableMap(unreadable);
    }

    Optional<RunFacts> run(String id) {
        return runs.computeIfAbsent(id, this::read);
    }

    private Optional<RunFacts> read(String id) {
        Optional<RunFacts> run = tx.createQuery(
                        "SELECT job, ended_at, finished FROM lineage_runs WHERE run_uuid = :run")
                .bind("run", id)
                .map((row, context) -> new RunFacts(
                        id,
                        row.getString("job"),
                        row.getLong("ended_at"),
                        row.getInt("finished") == 1,
                        new LinkedHashSet<>(),
                        new LinkedHashSet<>()))
                .findOne();
        run.ifPresent(
                facts -> tx.createQuery("SELECT ref, is_output FROM lineage_edges WHERE run_uuid = :run ORDER BY id")
                        .bind("run", id)
                        .map((row, context) -> Map.entry(row.getString("ref"), row.getInt("is_output") == 1))
                        .forEach(edge -> side(facts, edge.getValue()).add(edge.getKey())));
        return run;
    }

    private static Set<String> side(RunFacts run, boolean output) {
        return output ? run.outputs() : run.inputs();
    }

    /** Ids that begin so, at most {@code most}. */
    List<String> runsBeginning(String beginning, int most) {
        return tx.createQuery(
                        """
                        SELECT run_uuid FROM lineage_runs WHERE run_uuid >= :from AND run_uuid < :to
                        ORDER BY run_uuid LIMIT :most""")
                .bind("from", beginning)
                .bind("to", beginning + Character.MAX_VALUE)
                .bind("most", most)
                .mapTo(String.class)
                .list();
    }

    /** The commits whose rows version {@code at} holds: from the last replacement of the whole table on, newest first. */
    List<Change> contributors(At at) {
        return ofTable(
                        """
                        SELECT version, operation, run_uuid FROM lineage_changes
                        WHERE table_id = :table AND version <= :version AND version >= COALESCE(
                          (SELECT MAX(version) FROM lineage_changes
                           WHERE table_id = :table AND replaces_all = 1 AND version <= :version), 0)
                        ORDER BY version DESC LIMIT :most""",
                        at)
                .bind("most", MOST)
                .map((row, context) ->
                        new Change(row.getLong("version"), row.getString("operation"), row.getString("run_uuid")))
                .list();
    }

    private Query ofTable(String sql, At at) {
        return tx.createQuery(sql)
                .bind("table", tables.getOrDefault(at.table(), 0L))
                .bind("version", at.version());
    }

    /** The version that last changed rows: {@code raw.x@7} means {@code @5} when 6 and 7 only rewrote files. */
    At settled(At at) {
        return lastChange(at).map(version -> new At(at.table(), version)).orElse(at);
    }

    private Optional<Long> lastChange(At at) {
        return ofTable(
                        """
                        SELECT version FROM lineage_changes WHERE table_id = :table AND version <= :version
                        ORDER BY version DESC LIMIT 1""",
                        at)
                .mapTo(Long.class)
                .findOne();
    }

    /** Ids of runs that read {@code at}, or a later version that still holds rows of it, by time. */
    List<String> readers(At at) {
        Optional<Long> first = lastChange(at);
        if (first.isEmpty()) return List.of();
        At settled = new At(at.table(), first.get());
        long end = ofTable(
                        """
                        SELECT version FROM lineage_changes
                        WHERE table_id = :table AND replaces_all = 1 AND version > :version
                        ORDER BY version LIMIT 1""",
                        settled)
                .mapTo(Long.class)
                .findOne()
                .orElse(Long.MAX_VALUE);
        return tx.createQuery(
                        """
                        SELECT DISTINCT run_uuid, ended_at FROM
                          (SELECT e.run_uuid, e.ended_at FROM lineage_edges e
                           WHERE e.ref_table = :table AND e.ref_version >= :first AND e.ref_version < :end
                             AND e.is_output = 0
                             AND NOT EXISTS (SELECT 1 FROM lineage_edges o
                               WHERE o.run_uuid = e.run_uuid AND o.ref = :itself AND o.is_output = 1)
                           ORDER BY e.ref_version, e.ended_at, e.run_uuid LIMIT :most) found
                        ORDER BY ended_at, run_uuid""")
                .bind("table", at.table())
                .bind("first", settled.version())
                .bind("end", end)
                .bind("itself", settled.toString())
                .bind("most", MOST)
                .map((row, context) -> row.getString("run_uuid"))
                .list();
    }

    /** Ids of runs with {@code ref} among their inputs, by time. */
    List<String> users(String ref) {
        List<String> users = tx.createQuery(
                        """
                        SELECT run_uuid FROM lineage_edges WHERE ref = :ref AND is_output = 0
                        ORDER BY ended_at, run_uuid LIMIT :most""")
                .bind("ref", ref)
                .bind("most", MOST)
                .mapTo(String.class)
                .list();
        return new ArrayList<>(new LinkedHashSet<>(users));
    }

    /** The id of the run that made a model version: the first that names it as its own without having read it. */
    Optional<String> maker(String model) {
        return tx.createQuery(
                        """
                        SELECT e.run_uuid FROM lineage_edges e
                        WHERE e.ref = :ref AND e.is_output = 1
                          AND NOT EXISTS (SELECT 1 FROM lineage_edges i
                            WHERE i.run_uuid = e.run_uuid AND i.ref = :ref AND i.is_output = 0)
                        ORDER BY e.ended_at, e.run_uuid LIMIT 1""")
                .bind("ref", model)
                .mapTo(String.class)
                .findOne();
    }

    /** Whether any run made or read it. */
    boolean knows(String ref) {
        return !users(ref).isEmpty() || maker(ref).isPresent();
    }
}
