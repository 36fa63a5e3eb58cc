package dev.millrace.registry.lake.lineage;

import dev.millrace.registry.lake.tables.DeltaLog;
import dev.millrace.registry.lake.tables.Lake;
import dev.millrace.registry.lake.tables.RunRecord;
import dev.millrace.registry.lake.tables.RunRecords;
import dev.millrace.registry.lake.tables.TableCommit;
import dev.millrace.registry.lake.tables.TableName;
import dev.millrace.registry.platform.error.MillraceException;
import dev.millrace.registry.platform.storage.Database;
import java.time.Clock;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import org.jdbi.v3.core.Handle;

/**
 * Brings the stored lineage up to date with the lake: reads commits and records that were not read before. Where there is
 * nothing new it looks at three files per table and one folder. Memory: a chunk, whatever the history's length. Thread-safe:
 * one at a time, others wait for what it finds.
 */
final class Crawl {
    private static final int CHUNK = 500;
    /** File systems tell times by the second, some by two. */
    private static final long TICK_MILLIS = 2_000;

    private final Lake lake;
    private final Database database;
    private final Clock clock;
    private final RunRecords records;
    private final TraceRepository traces = new TraceRepository();
    /** Of the folder of records when all in it had been read; guarded by this. */
    private OptionalLong recordsSeen = OptionalLong.empty();

    private final AtomicLong changes = new AtomicLong();

    Crawl(Lake lake, Database database, Clock clock) {
        this.clock = clock;
        this.lake = lake;
        this.database = database;
        this.records = new RunRecords(lake);
    }

    /** Grows whenever something changed in what is stored. */
    long changes() {
        return changes.get();
    }

    /** A lake that is away is not a lake without tables: what is known of it stays. */
    synchronized void run() {
        if (!lake.exists()) return;
        Map<String, ReadTable> known = database.read(traces::tables);
        List<TableName> names = lake.names();
        for (TableName name : names) table(name, Optional.ofNullable(known.remove(name.toString())));
        known.values().forEach(gone -> change(tx -> traces.deleteTable(tx, gone.id())));
        newRecords();
    }

    private void change(Consumer<Handle> work) {
        database.change(work);
        changes.incrementAndGet();
    }

    private void table(TableName name, Optional<ReadTable> known) {
        Optional<ReadTable> read = known;
        try {
            DeltaLog log = lake.log(name);
            if (read.filter(table -> table.isRead() && !isSame(table, log)).isPresent()) {
                long id = read.get().id();
                change(tx -> traces.deleteTable(tx, id));
                read = Optional.empty();
            }
            read = read.map(table -> withoutCleaned(table, log));
            more(name, log, read);
        } catch (MillraceException refused) {
            problem(name, refused.getMessage());
        }
    }

    /** A table that was dropped and created again has other files under the same names. */
    private static boolean isSame(ReadTable table, DeltaLog log) {
        return log.stamp(table.newest()).equals(Optional.of(table.stamp()));
    }

    /** Versions whose log files were cleaned up are known by the records alone, as for the jobs. */
    private ReadTable withoutCleaned(ReadTable table, DeltaLog log) {
        if (!table.isRead() || log.stamp(table.first()).isPresent()) return table;
        ReadTable rest =
                new ReadTable(table.id(), log.versions().firstKey(), table.newest(), table.stamp(), table.problem());
        change(tx -> {
            traces.deleteBelow(tx, table.id(), rest.first());
            traces.updateTable(tx, rest);
        });
        return rest;
    }

    private void more(TableName name, DeltaLog log, Optional<ReadTable> known) {
        long next;
        if (known.filter(ReadTable::isRead).isPresent()) {
            next = known.get().newest() + 1;
        } else {
            Optional<Long> first = log.versions().keySet().stream().findFirst();
            if (first.isEmpty()) return;
            next = first.get();
        }
        ReadTable table = known.orElseGet(() -> insert(name));
        List<TableCommit> commits = new ArrayList<>();
        DeltaLog.Stamp newest = table.stamp();
        try {
            for (Optional<DeltaLog.Stamp> stamp = log.stamp(next); stamp.isPresent(); stamp = log.stamp(++next)) {
                commits.add(log.commit(next));
                newest = stamp.get();
                if (commits.size() < CHUNK) continue;
                table = store(name, table, commits, newest);
                commits.clear();
            }
        } catch (MillraceException damaged) { // what came before it counts
            if (!commits.isEmpty()) store(name, table, commits, newest);
            throw damaged;
        }
        boolean isNews = !commits.isEmpty() || !table.problem().isEmpty();
        if (isNews) store(name, table, commits, newest);
    }

    private ReadTable insert(TableName name) {
        long id = database.write(tx -> traces.insertTable(tx, name.toString()));
        return new ReadTable(id, -1, -1, new DeltaLog.Stamp(0, 0), "");
    }

    private ReadTable store(TableName name, ReadTable table, List<TableCommit> read, DeltaLog.Stamp newest) {
        List<TableCommit> commits = List.copyOf(read);
        long first = table.isRead() || commits.isEmpty()
                ? table.first()
                : commits.get(0).version();
        long last = commits.isEmpty()
                ? table.newest()
                : commits.get(commits.size() - 1).version();
        ReadTable now = new ReadTable(table.id(), first, last, newest, "");
        change(tx -> {
            traces.addCommits(tx, table.id(), name.toString(), commits);
            traces.updateTable(tx, now);
        });
        return now;
    }

    private void problem(TableName name, String problem) {
        ReadTable table = Optional.ofNullable(
                        database.read(tx -> traces.tables(tx).get(name.toString())))
                .orElseGet(() -> insert(name));
        if (table.problem().equals(problem)) return;
        ReadTable now = new ReadTable(table.id(), table.first(), table.newest(), table.stamp(), problem);
        change(tx -> traces.updateTable(tx, now));
    }

    private void newRecords() {
        OptionalLong modified = records.modified();
        if (modified.isEmpty() && database.read(traces::records) == 0) return;
        if (modified.isPresent() && modified.equals(recordsSeen)) return;
        int[] there = {0};
        boolean[] whole = {true};
        records.names(CHUNK, files -> {
            there[0] += files.size();
            Set<String> known = database.read(tx -> traces.known(tx, files));
            Map<String, RunRecord> added = new LinkedHashMap<>();
            for (String file : files) {
                if (known.contains(file)) continue;
                Optional<RunRecord> record = records.read(file);
                if (record.isPresent()) added.put(file, record.get());
                else whole[0] = false;
            }
            if (added.isEmpty()) return;
            change(tx -> traces.addRecords(tx, added));
        });
        if (database.read(traces::records) > there[0] || !whole[0]) forgetRemoved();
        recordsSeen = whole[0] && isPast(modified) ? modified : OptionalLong.empty();
    }

    /** A file that comes within a tick of the file system's clock leaves the folder's time as it is. */
    private boolean isPast(OptionalLong modified) {
        return modified.isPresent()
                && clock.millis() - TimeUnit.NANOSECONDS.toMillis(modified.getAsLong()) > TICK_MILLIS;
    }

    private void forgetRemoved() {
        String last = "";
        for (List<String> files = after(last); !files.isEmpty(); files = after(last)) {
            last = files.get(files.size() - 1);
            List<String> gone =
                    files.stream().filter(file -> !records.has(file)).toList();
            if (!gone.isEmpty()) change(tx -> gone.forEach(file -> traces.deleteRecord(tx, file)));
        }
    }

    private List<String> after(String last) {
        return database.read(tx -> traces.filesAfter(tx, last, CHUNK));
    }
}
