package dev.millrace.platform.run;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.millrace.platform.error.ErrorKind;
import dev.millrace.platform.error.MillraceException;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FSDataOutputStream;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;

/**
 * The records of finished runs in a lake: one file per run, {@code _runs/<run id>.json}, and pointers to them in {@code
 * _run_index}, so that a run is found by its id, by its fingerprint or as the newest of its job by opening two files,
 * however many runs there were.
 *
 * <p>A pointer is written after its record and may be missing after a kill; then nothing is found and the job runs
 * again, which is safe. Runs that end at one moment may write one pointer: either of them is the newest.
 */
public final class RunRecords {
    private static final ObjectMapper JSON = new ObjectMapper();

    private final Path folder;
    private final Path index;
    private final Configuration hadoop;

    /** @param lake root of the lake */
    public RunRecords(String lake, Configuration hadoop) {
        this.folder = new Path(lake, "_runs");
        this.index = new Path(lake, "_run_index");
        this.hadoop = hadoop;
    }

    /** Writes one record; it is there whole or not at all. */
    public void add(RunRecord record) {
        Path file = file(record.runId());
        Path part = new Path(folder, "." + record.runId() + ".part");
        try {
            FileSystem files = folder.getFileSystem(hadoop);
            write(files, part, record.toJson());
            if (!files.rename(part, file)) throw new IOException("cannot rename " + part);
            write(files, byFingerprint(record.job(), record.fingerprint()), record.runId());
            write(files, newestOf(record.job(), ""), record.runId());
            for (String output : record.outputs()) {
                int at = output.indexOf('@');
                if (at > 0) write(files, newestOf(record.job(), output.substring(0, at)), record.runId());
            }
        } catch (IOException unwritable) {
            throw new MillraceException(
                    ErrorKind.OUTPUT_UNWRITABLE,
                    "Cannot write the run's record `" + file + "`: " + unwritable.getMessage(),
                    unwritable);
        }
    }

    /** The record of one run. */
    public Optional<RunRecord> byId(String runId) {
        Path file = file(runId);
        try {
            return Optional.of(read(file.getFileSystem(hadoop), file));
        } catch (FileNotFoundException none) {
            return Optional.empty();
        } catch (IOException unreadable) {
            throw unreadable(file, unreadable);
        }
    }

    /** The newest run of {@code job} with this fingerprint. */
    public Optional<RunRecord> find(String job, String fingerprint) {
        return pointedAt(byFingerprint(job, fingerprint));
    }

    /** The newest run of {@code job} that wrote {@code table}; of the job, whatever it wrote, when {@code table} is empty. */
    public Optional<RunRecord> newest(String job, Optional<String> table) {
        return pointedAt(newestOf(job, table.orElse("")));
    }

    private Optional<RunRecord> pointedAt(Path pointer) {
        try (InputStream in = pointer.getFileSystem(hadoop).open(pointer)) {
            String runId = new String(in.readAllBytes(), StandardCharsets.UTF_8);
            return runId.isEmpty()
                    ? Optional.empty()
                    : byId(runId); // empty: a writer is between creating and filling it
        } catch (FileNotFoundException none) {
            return Optional.empty();
        } catch (IOException unreadable) {
            throw unreadable(pointer, unreadable);
        }
    }

    private Path file(String runId) {
        return new Path(folder, runId + ".json");
    }

    /** Spread over 256 folders: some file systems slow down with a hundred thousand files in one. */
    private Path byFingerprint(String job, String fingerprint) {
        String spread = fingerprint.length() < 2 ? "00" : fingerprint.substring(0, 2);
        return new Path(index, "fingerprint/" + spread + "/" + fingerprint + "." + job);
    }

    private Path newestOf(String job, String table) {
        return new Path(index, "newest/" + job + "." + table.replaceAll("[^A-Za-z0-9_.-]", "_"));
    }

    private static void write(FileSystem files, Path file, String text) throws IOException {
        try (FSDataOutputStream out = files.create(file, true)) {
            out.write(text.getBytes(StandardCharsets.UTF_8));
        }
    }

    private static MillraceException unreadable(Path file, IOException cause) {
        return new MillraceException(
                ErrorKind.INPUT_UNREADABLE, "Cannot read `" + file + "`: " + cause.getMessage(), cause);
    }

    /** All records, the newest first. Opens every one of them: for walks over the whole lake only. */
    public List<RunRecord> all() {
        List<RunRecord> records = new ArrayList<>();
        try {
            FileSystem files = folder.getFileSystem(hadoop);
            for (FileStatus file : files.listStatus(folder)) {
                String name = file.getPath().getName();
                if (name.endsWith(".json") && !name.startsWith(".")) records.add(read(files, file.getPath()));
            }
        } catch (FileNotFoundException none) {
            return List.of();
        } catch (IOException unreadable) {
            throw unreadable(folder, unreadable);
        }
        records.sort(
                Comparator.comparingLong(RunRecord::endedAtMillis).reversed().thenComparing(RunRecord::runId));
        return records;
    }

    private static RunRecord read(FileSystem files, Path file) throws IOException {
        try (InputStream in = files.open(file)) {
            return RunRecord.parse(JSON.readTree(in));
        }
    }
}
