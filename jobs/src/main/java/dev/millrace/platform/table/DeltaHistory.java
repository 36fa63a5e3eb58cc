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
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.regex.Pattern;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;

/**
 * The commits of a Delta table, read from its log files without Spark (Delta protocol, "Delta Log Entries" and "Commit
 * Provenance Information"). Sees only versions whose JSON file is still there.
 *
 * <p>A commit's file is opened when it is asked for, and the log is listed only by {@link #versions}: what needs the
 * newest commits costs the same for a table of ten and of 20,000 commits.
 */
public final class DeltaHistory {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Pattern LOG_FILE = Pattern.compile("[0-9]{20}\\.json");

    private final Path log;
    private final FileSystem files;
    private final long newest;

    /**
     * @param location folder of the table
     * @param newest its newest version
     */
    public DeltaHistory(String location, Configuration hadoop, long newest) {
        this.log = new Path(location, "_delta_log");
        this.newest = newest;
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

    /** The commits, the newest first, each read when the stream reaches it; ends at the oldest that is still there. */
    public Stream<Entry> newestFirst() {
        return upTo(newest);
    }

    /** {@link #newestFirst} from {@code version} on down. */
    public Stream<Entry> upTo(long version) {
        return LongStream.iterate(Math.min(version, newest), each -> each >= 0, each -> each - 1)
                .mapToObj(this::find)
                .takeWhile(Optional::isPresent)
                .map(Optional::get);
    }

    /** Up to {@code limit} commits, the newest first. */
    public List<Entry> newest(int limit) {
        return newestFirst().limit(limit).toList();
    }

    /** Whether the log file of {@code version} is there. One look-up. */
    public boolean has(long version) {
        if (version < 0 || version > newest) return false;
        Path file = file(version);
        try {
            return files.exists(file);
        } catch (IOException unreadable) {
            throw unreadable(file, unreadable);
        }
    }

    /**
     * The newest version committed at or before {@code moment}; empty when the table was not there yet, or its log does
     * not reach back so far. Bisects: the commit times of a table rise with its versions. Reads about 2 log₂(versions)
     * log files.
     */
    public OptionalLong asOf(Instant moment) {
        long low = oldest();
        if (low > newest || entry(low).at().isAfter(moment)) return OptionalLong.empty();
        long high = newest;
        while (low < high) {
            long middle = low + (high - low + 1) / 2;
            if (entry(middle).at().isAfter(moment)) high = middle - 1;
            else low = middle;
        }
        return OptionalLong.of(low);
    }

    /** The oldest version whose log file is there; log cleaning removes from the oldest on. Bisects. */
    public long oldest() {
        long low = 0;
        long high = newest;
        while (low < high) {
            long middle = low + (high - low) / 2;
            if (has(middle)) high = middle;
            else low = middle + 1;
        }
        return low;
    }

    /** The commit that made {@code version}, which must be there. */
    public Entry entry(long version) {
        return find(version)
                .orElseThrow(() -> unreadable(file(version), new FileNotFoundException("the log file is gone")));
    }

    private Path file(long version) {
        return new Path(log, String.format("%020d.json", version));
    }

    private Optional<Entry> find(long version) {
        Path file = file(version);
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
                // Writers put commitInfo first, so the thousands of files of a large commit are not read.
                if (dataChange && at > 0) break;
            }
        } catch (FileNotFoundException gone) {
            return Optional.empty();
        } catch (IOException unreadable) {
            throw unreadable(file, unreadable);
        }
        return Optional.of(
                new Entry(version, Instant.ofEpochMilli(at), operation, userMetadata, rows, dataChange, replacesAll));
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
