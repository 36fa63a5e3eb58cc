package dev.millrace.registry.lake.tables;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.millrace.registry.platform.error.ErrorKind;
import dev.millrace.registry.platform.error.MillraceException;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * The commits of one table, read from the JSON files of its log (Delta protocol, "Delta Log Entries" and "Commit
 * Provenance Information"). Delta Kernel leaves out {@code userMetadata}, which names the run. Sees only versions whose
 * file is still there; a file is read line by line, so its size does not matter.
 */
public final class DeltaLog {
    static final String FOLDER = "_delta_log";
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Pattern FILE = Pattern.compile("[0-9]{20}\\.json");

    private final TableName name;
    private final Path folder;

    DeltaLog(TableName name, Path folder) {
        this.name = name;
        this.folder = folder;
    }

    /** When and how large a version's file is: what is read of it holds as long as this does. */
    public record Stamp(long modifiedMillis, long size) {}

    /** The table's folder. */
    Path folder() {
        return folder;
    }

    /**
     * Versions with a log file. None is a table whose first commit is not written yet.
     *
     * @throws MillraceException INPUT_UNREADABLE for a log with links in it, which could lead out of the lake
     */
    public NavigableMap<Long, Stamp> versions() {
        NavigableMap<Long, Stamp> versions = new TreeMap<>();
        try (Stream<Path> files = Files.walk(folder.resolve(FOLDER), 2)) {
            for (Path file : (Iterable<Path>) files::iterator) add(file, versions);
        } catch (NoSuchFileException dropped) {
            throw MillraceException.notFound("The table `" + name + "` was removed meanwhile.");
        } catch (IOException | UncheckedIOException denied) {
            throw unreadable("its log cannot be listed", denied);
        }
        return versions;
    }

    /**
     * Of one version's file, without listing the others.
     *
     * @throws MillraceException INPUT_UNREADABLE for a link
     */
    public Optional<Stamp> stamp(long version) {
        try {
            NavigableMap<Long, Stamp> found = new TreeMap<>();
            add(file(version), found);
            return Optional.ofNullable(found.get(version));
        } catch (IOException denied) {
            throw unreadable("the log file of version " + version + " cannot be read", denied);
        }
    }

    private Path file(long version) {
        return folder.resolve(FOLDER).resolve(String.format("%020d.json", version));
    }

    private void add(Path file, NavigableMap<Long, Stamp> versions) throws IOException {
        BasicFileAttributes found;
        try {
            found = Files.readAttributes(file, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
        } catch (NoSuchFileException cleaned) {
            return;
        }
        String text = file.getFileName().toString();
        if (found.isSymbolicLink()) throw unreadable("`" + text + "` in its log is a link", null);
        if (!FILE.matcher(text).matches() || !found.isRegularFile()) return;
        if (file.getParent().endsWith(FOLDER)) {
            long version = Long.parseLong(text.substring(0, 20));
            versions.put(version, new Stamp(found.lastModifiedTime().toMillis(), found.size()));
        }
    }

    /**
     * The commit that made {@code version}.
     *
     * @throws MillraceException NOT_FOUND when its file is gone; INPUT_UNREADABLE when it is no log file, or half of one
     */
    public TableCommit commit(long version) {
        Path file = file(version);
        JsonNode info = JSON.missingNode();
        boolean dataChange = false;
        int number = 0;
        try (BufferedReader lines =
                new BufferedReader(new InputStreamReader(Files.newInputStream(file), StandardCharsets.UTF_8))) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                number++;
                if (line.isBlank()) continue;
                if (line.startsWith("{\"add\"") || line.startsWith("{\"remove\"")) {
                    requireWhole(line, version, number);
                    dataChange |= !line.contains("\"dataChange\":false");
                } else if (line.startsWith("{\"commitInfo\"")) {
                    info = JSON.readTree(line).path("commitInfo");
                } else {
                    requireWhole(line, version, number);
                }
            }
        } catch (NoSuchFileException cleaned) {
            throw MillraceException.notFound(
                    "The log file of version " + version + " of `" + name + "` is gone: old ones are cleaned up.");
        } catch (JsonProcessingException broken) {
            throw broken(version, number, broken);
        } catch (IOException denied) {
            throw unreadable("the log file of version " + version + " cannot be read", denied);
        }
        if (number == 0) throw broken(version, 1, null);
        return commit(version, info, dataChange);
    }

    private void requireWhole(String line, long version, int number) {
        if (!line.startsWith("{") || !line.endsWith("}")) throw broken(version, number, null);
    }

    private static TableCommit commit(long version, JsonNode info, boolean dataChange) {
        String userMetadata = info.path("userMetadata").asText("");
        JsonNode metrics = info.path("operationMetrics");
        JsonNode parameters = info.path("operationParameters");
        return new TableCommit(
                version,
                info.path("inCommitTimestamp").asLong(info.path("timestamp").asLong(0)),
                info.path("operation").asText(""),
                texts(parameters),
                texts(metrics),
                rows(metrics),
                dataChange,
                replacesAll(parameters),
                info.path("engineInfo").asText(""),
                userMetadata,
                Maker.parse(userMetadata));
    }

    private static Map<String, String> texts(JsonNode object) {
        Map<String, String> texts = new LinkedHashMap<>();
        object.properties().forEach(field -> texts.put(field.getKey(), text(field.getValue())));
        return texts;
    }

    private static String text(JsonNode value) {
        String text = value.isTextual() ? value.asText() : value.toString();
        return text.length() <= 500 ? text : text.substring(0, 500) + "…";
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
        return metrics.path("numOutputRows")
                .asLong(metrics.path("num_added_rows").asLong()); // the second is delta-rs'
    }

    private MillraceException broken(long version, int line, Exception cause) {
        return unreadable(
                "the log file of version " + version + " is damaged or half written (line " + line + ")", cause);
    }

    /** Without the folder: who may read the lake need not know where it is. */
    private MillraceException unreadable(String what, Exception cause) {
        return new MillraceException(
                ErrorKind.INPUT_UNREADABLE,
                "The table `" + name + "` cannot be read: " + what
                        + ". Look at its `_delta_log`; a writer that was killed leaves a file that the next write mends,"
                        + " a damaged disk does not.",
                cause);
    }
}
