package dev.millrace.engine.landing;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.millrace.engine.intake.SourceFile;
import dev.millrace.platform.error.ErrorKind;
import dev.millrace.platform.error.MillraceException;
import dev.millrace.platform.table.DeltaHistory;
import dev.millrace.platform.table.TableName;
import dev.millrace.platform.table.Tables;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;

/**
 * Which files a table was made of: {@code <table>/_millrace/<batch>-<run>.json}, one per batch.
 *
 * <p>An entry is an intent, written before the batch's rows. The rows' own Delta commit, which carries {@code (txn:
 * ingest/<table>, batch)}, is what makes it true, so table and log cannot disagree: an entry whose batch the table has
 * is done, another was never committed and its files are new. Batches without rows need no commit and are done at once.
 */
public final class FileLog {
    /** So many entries are read quickly; the next one then carries them all. */
    public static final int CARRIED_AFTER = 50;

    /** A commit just made is among so many. */
    private static final int NEWEST = 20;

    private static final ObjectMapper JSON = new ObjectMapper();

    private final Path folder;
    private final FileSystem files;
    private final Tables tables;
    private final TableName table;
    private final Map<String, SourceFile> taken = new HashMap<>();
    private final TreeMap<Long, List<Entry>> entries = new TreeMap<>();
    private final long committed;

    /**
     * @param committed whether the batch has a commit of the table
     * @param files of the batch, and of all before it when the entry carries them
     */
    private record Entry(long batch, String runId, boolean committed, List<SourceFile> files, Path path) {}

    private FileLog(Path folder, FileSystem files, Tables tables, TableName table) {
        this.folder = folder;
        this.files = files;
        this.tables = tables;
        this.table = table;
        this.committed = lastCommitted();
    }

    /** Who appends, in the table's Delta log. */
    public static String application(TableName table) {
        return "ingest/" + table;
    }

    /**
     * @throws MillraceException POLICY_REFUSED when the table has rows but the log is lost
     */
    static FileLog open(Tables tables, TableName table, Configuration hadoop) {
        Path folder = new Path(tables.location(table), "_millrace");
        try {
            return opened(new FileLog(folder, folder.getFileSystem(hadoop), tables, table));
        } catch (IOException unreadable) {
            throw unreadable(folder, unreadable);
        }
    }

    /** The log as it stands now. */
    FileLog again() {
        return opened(new FileLog(folder, files, tables, table));
    }

    private static FileLog opened(FileLog log) {
        try {
            log.read();
            log.requireWhole();
            log.remember();
            return log;
        } catch (IOException unreadable) {
            throw unreadable(log.folder, unreadable);
        }
    }

    private static MillraceException unreadable(Path folder, IOException cause) {
        return new MillraceException(
                ErrorKind.INPUT_UNREADABLE, "Cannot read `" + folder + "`: " + cause.getMessage(), cause);
    }

    private void read() throws IOException {
        FileStatus[] found;
        try {
            found = files.listStatus(folder);
        } catch (FileNotFoundException first) {
            return;
        }
        for (FileStatus file : found) {
            String name = file.getPath().getName();
            if (!name.matches("[0-9]{20}-[0-9a-zA-Z]+\\.json")) continue;
            Entry entry = parse(file.getPath());
            entries.computeIfAbsent(entry.batch(), batch -> new ArrayList<>()).add(entry);
        }
    }

    private Entry parse(Path path) throws IOException {
        try (InputStream in = files.open(path)) {
            JsonNode node = JSON.readTree(in);
            List<SourceFile> list = new ArrayList<>();
            node.path("files").forEach(file -> list.add(parse(file)));
            node.path("earlier").forEach(file -> list.add(parse(file)));
            return new Entry(
                    node.path("batch").asLong(),
                    node.path("run_id").asText(),
                    node.path("committed").asBoolean(),
                    list,
                    path);
        }
    }

    private static SourceFile parse(JsonNode file) {
        return new SourceFile(
                file.path("path").asText(),
                file.path("bytes").asLong(),
                file.path("modified").asLong());
    }

    private void requireWhole() {
        boolean lost = entries.isEmpty()
                ? tables.hasRows(table)
                : committed >= 0 && entries.getOrDefault(committed, List.of()).isEmpty();
        if (!lost) return;
        throw new MillraceException(
                ErrorKind.POLICY_REFUSED,
                "Table `" + table + "` has rows, but the list of ingested files (`"
                        + folder
                        + "`) is missing or incomplete. Ingesting the files again could duplicate their rows, so"
                        + " nothing was done. Restore that folder, or ingest into a new table.");
    }

    private void remember() {
        entries.forEach((batch, rivals) -> rivals.stream()
                .filter(entry -> !entry.committed() || batch <= committed)
                .filter(entry -> rivals.size() == 1 || !entry.committed() || isMaker(entry))
                .forEach(entry -> entry.files().forEach(file -> taken.put(file.path(), file))));
    }

    /** Of several intents for one batch, the one whose run made the commit. */
    private boolean isMaker(Entry entry) {
        return tables.history(table).stream()
                .flatMap(history -> history.newestFirst())
                .map(DeltaHistory.Entry::millrace)
                .flatMap(Optional::stream)
                .anyMatch(maker -> maker.runId().equals(entry.runId()));
    }

    /** The files that are not in the table yet, in their order. */
    List<SourceFile> newAmong(List<SourceFile> found) {
        return found.stream().filter(file -> !taken.containsKey(file.path())).toList();
    }

    /** Files that were taken and have changed since; they are not taken again. */
    List<SourceFile> changedAmong(List<SourceFile> found) {
        return found.stream()
                .filter(file ->
                        taken.containsKey(file.path()) && taken.get(file.path()).bytes() != file.bytes())
                .toList();
    }

    /** Whether any batch was ever taken. */
    boolean isEmpty() {
        return taken.isEmpty();
    }

    /** The number of the batch to make now: a batch that never committed gives its number back. */
    public long nextBatch() {
        long done = committed;
        for (Map.Entry<Long, List<Entry>> batch : entries.entrySet()) {
            if (batch.getValue().stream().anyMatch(entry -> !entry.committed())) {
                done = Math.max(done, batch.getKey());
            }
        }
        return done + 1;
    }

    /**
     * Batches that are decided and of which a losing run's intent still stands, with the run whose batch it is: that
     * run, or the loser, was killed before it had cleared up.
     */
    public Map<Long, String> unsettled() {
        Map<Long, String> owners = new TreeMap<>();
        entries.headMap(committed, true).forEach((batch, rivals) -> {
            if (rivals.size() == 1) return;
            rivals.stream()
                    .filter(entry -> !entry.committed() || isMaker(entry))
                    .findFirst()
                    .ifPresent(owner -> owners.put(batch, owner.runId()));
        });
        return owners;
    }

    /**
     * Says what will be taken, just before the rows are written.
     *
     * @throws MillraceException CONFLICT when another run has committed the batch meanwhile
     */
    public void intend(long batch, String runId, List<SourceFile> batchFiles) {
        if (lastCommitted() >= batch) throw overtaken(batch);
        write(batch, runId, batchFiles, true);
    }

    /** Says what was taken and held no record. */
    public void recordEmpty(long batch, String runId, List<SourceFile> batchFiles) {
        write(batch, runId, batchFiles, false);
    }

    /** Whether the table has the rows that the run appended just now. */
    public boolean isMade(String runId) {
        return tables.history(table).stream()
                .flatMap(history -> history.newest(NEWEST).stream())
                .map(DeltaHistory.Entry::millrace)
                .flatMap(Optional::stream)
                .anyMatch(maker -> maker.runId().equals(runId));
    }

    private long lastCommitted() {
        return tables.lastAppended(table, application(table)).orElse(-1);
    }

    /** What a run is told whose batch is another run's. */
    public MillraceException overtaken(long batch) {
        return new MillraceException(
                ErrorKind.CONFLICT,
                "Another run ingested batch " + batch + " of `" + table
                        + "` at the same time; this run wrote no rows of it."
                        + " Run the job again; it ingests the remaining files.");
    }

    /** Takes an intent back whose batch was not made. */
    public void withdraw(long batch, String runId) {
        try {
            files.delete(new Path(folder, name(batch, runId)), false);
            boolean unused = files.listStatus(folder).length == 0 && !tables.exists(table);
            if (unused) {
                files.delete(folder, false);
                if (files.listStatus(folder.getParent()).length == 0) files.delete(folder.getParent(), false);
            }
        } catch (IOException harmless) {
            // An intent without its commit says nothing.
        }
    }

    private static String name(long batch, String runId) {
        return String.format("%020d-%s.json", batch, runId);
    }

    /** After the commit: removes what others intended for the same batch. */
    public void settle(long batch, String runId) {
        entries.getOrDefault(batch, List.of()).forEach(rival -> remove(rival, runId));
    }

    /** After the commit of the newest batch: removes the entries that it carries. */
    public void dropCarried(long batch, String runId) {
        if (!carriesAll()) return;
        entries.headMap(batch).values().forEach(rivals -> rivals.forEach(rival -> remove(rival, runId)));
    }

    private void remove(Entry entry, String runId) {
        if (!entry.runId().equals(runId)) remove(entry.path());
    }

    private void remove(Path entry) {
        try {
            files.delete(entry, false);
        } catch (IOException harmless) {
            // It stays; the table's history tells a rival from ours, and what is carried may be listed twice.
        }
    }

    private boolean carriesAll() {
        return entries.size() >= CARRIED_AFTER;
    }

    private void write(long batch, String runId, List<SourceFile> batchFiles, boolean willCommit) {
        ObjectNode node = JSON.createObjectNode();
        node.put("batch", batch).put("run_id", runId).put("committed", willCommit);
        list(batchFiles, node.putArray("files"));
        if (willCommit && carriesAll()) list(taken.values(), node.putArray("earlier"));
        String name = name(batch, runId);
        Path part = new Path(folder, "." + name + ".part");
        try {
            try (OutputStream out = files.create(part, true)) {
                out.write(JSON.writeValueAsBytes(node));
            }
            files.delete(new Path(folder, name), false);
            if (!files.rename(part, new Path(folder, name))) throw new IOException("cannot rename " + part);
        } catch (IOException unwritable) {
            throw new MillraceException(
                    ErrorKind.OUTPUT_UNWRITABLE,
                    "Cannot write `" + new Path(folder, name) + "`: " + unwritable.getMessage()
                            + ". Nothing was ingested. Free disk space or fix the permissions, then run the job again.",
                    unwritable);
        }
    }

    private static void list(Collection<SourceFile> listed, ArrayNode list) {
        for (SourceFile file : listed) {
            list.addObject().put("path", file.path()).put("bytes", file.bytes()).put("modified", file.modified());
        }
    }
}
