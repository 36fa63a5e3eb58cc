package dev.millrace.platform.table;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.millrace.platform.error.ErrorKind;
import dev.millrace.platform.error.MillraceException;
import java.io.BufferedReader;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;

/**
 * The commits of a Delta table, read from its log files without Spark (Delta protocol, "Delta Log Entries" and "Commit
 * Provenance Information"). Sees only versions whose JSON file is still there.
 */
public final class DeltaHistory {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Pattern LOG_FILE = Pattern.compile("[0-9]{20}\\.json");

    private final Path log;
    private final FileSystem files;

    /** @param location folder of the table */
    public DeltaHistory(String location, Configuration hadoop) {
        this.log = new Path(location, "_delta_log");
        try {
            this.files = log.getFileSystem(hadoop);
        } catch (IOException unreachable) {
            throw new MillraceException(
                    ErrorKind.INPUT_UNREADABLE,
                    "Cannot reach the file system of `" + location + "`: " + unreachable.getMessage(),
                    unreachable);
        }
    }

    /**
     * One commit.
     *
     * @param version Delta version
     * @param at when it was committed
     * @param operation WRITE, MERGE, …
     * @param userMetadata as given by the writer; empty text when none
     * @param rows rows written, where the operation counts them
     * @param dataChange whether it added or removed a data file that changed rows
     * @param replacesAll whether it replaced every row of the table
     */
    public record Entry(
            long version,
            Instant at,
            String operation,
            String userMetadata,
            long rows,
            boolean dataChange,
            boolean replacesAll) {
        public Optional<CommitMetadata> millrace() {
            return CommitMetadata.parse(userMetadata);
        }
    }

    public boolean exists() {
        return !versions().isEmpty();
    }

    /** Versions with a log file, ascending. */
    public List<Long> versions() {
        try {
            List<Long> versions = new ArrayList<>();
            for (FileStatus file : files.listStatus(log)) {
                String name = file.getPath().getName();
                if (LOG_FILE.matcher(name).matches()) versions.add(Long.parseLong(name.substring(0, 20)));
            }
            Collections.sort(versions);
            return versions;
        } catch (FileNotFoundException noTable) {
            return List.of();
        } catch (IOException unreadable) {
            throw unreadable(log, unreadable);
        }
    }

    /** Up to {@code limit} commits, the newest first. */
    public List<Entry> newest(int limit) {
        return versions().stream()
                .sorted(Comparator.reverseOrder())
                .limit(limit)
                .map(this::entry)
                .toList();
    }

    /** The commit that made {@code version}. */
    public Entry entry(long version) {
        Path file = new Path(log, String.format("%020d.json", version));
        String operation = "";
        String userMetadata = "";
        long at = 0;
        long rows = 0;
        boolean dataChange = false;
        boolean replacesAll = false;
        try (BufferedReader lines =
                new BufferedReader(new InputStreamReader(files.open(file), StandardCharsets.UTF_8))) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                if (line.startsWith("{\"commitInfo\"")) {
                    JsonNode info = JSON.readTree(line).path("commitInfo");
                    operation = info.path("operation").asText("");
                    userMetadata = info.path("userMetadata").asText("");
                    at = info.path("timestamp").asLong(0);
                    rows = rows(info.path("operationMetrics"));
                    replacesAll = replacesAll(info.path("operationParameters"));
                } else if (line.startsWith("{\"add\"") || line.startsWith("{\"remove\"")) {
                    dataChange |= !line.contains("\"dataChange\":false");
                }
            }
        } catch (IOException unreadable) {
            throw unreadable(file, unreadable);
        }
        return new Entry(version, Instant.ofEpochMilli(at), operation, userMetadata, rows, dataChange, replacesAll);
    }

    private static boolean replacesAll(JsonNode parameters) {
        String predicate = parameters.path("predicate").asText("");
        return parameters.path("mode").asText("").equals("Overwrite")
                && (predicate.isEmpty() || predicate.equals("[]"));
    }

    private static long rows(JsonNode metrics) {
        if (metrics.has("numTargetRowsInserted")) {
            return metrics.path("numTargetRowsInserted").asLong()
                    + metrics.path("numTargetRowsUpdated").asLong();
        }
        return metrics.path("numOutputRows").asLong();
    }

    private static MillraceException unreadable(Path file, IOException cause) {
        return new MillraceException(
                ErrorKind.INPUT_UNREADABLE, "Cannot read `" + file + "`: " + cause.getMessage(), cause);
    }
}
