package dev.millrace.job;

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

/** The records of finished runs in a lake. */
public final class RunRecords {
    private final Path folder;
    private final Configuration hadoop;

    /** @param lake root of the lake */
    public RunRecords(String lake, Configuration hadoop) {
        this.folder = new Path(lake, "_runs");
        this.hadoop = hadoop;
    }

    /** Writes one record; it is there whole or not at all. */
    public void add(RunRecord record) {
        Path file = new Path(folder, record.runId() + ".json");
        Path part = new Path(folder, "." + record.runId() + ".part");
        try {
            FileSystem files = folder.getFileSystem(hadoop);
            try (FSDataOutputStream out = files.create(part, true)) {
                out.write(record.toJson().getBytes(StandardCharsets.UTF_8));
            }
            if (!files.rename(part, file)) throw new IOException("cannot rename " + part);
        } catch (IOException unwritable) {
            throw new MillraceException(
                    ErrorKind.OUTPUT_UNWRITABLE,
                    "Cannot write the run's record `" + file + "`: " + unwritable.getMessage(),
                    unwritable);
        }
    }

    /** All records, the newest first. */
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
            throw new MillraceException(
                    ErrorKind.INPUT_UNREADABLE, "Cannot read `" + folder + "`: " + unreadable.getMessage(), unreadable);
        }
        records.sort(
                Comparator.comparingLong(RunRecord::endedAtMillis).reversed().thenComparing(RunRecord::runId));
        return records;
    }

    /** The newest run of {@code job} with this fingerprint. */
    public Optional<RunRecord> find(String job, String fingerprint) {
        return all().stream()
                .filter(record ->
                        record.job().equals(job) && record.fingerprint().equals(fingerprint))
                .findFirst();
    }

    private static RunRecord read(FileSystem files, Path file) throws IOException {
        try (InputStream in = files.open(file)) {
            return RunRecord.parse(new ObjectMapper().readTree(in));
        }
    }
}
