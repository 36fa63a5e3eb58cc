package dev.millrace.registry.lake.tables;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/** The records of finished runs in a lake. A record never changes, so each is read once. Thread-safe. */
public final class RunRecords {
    /** Further ones are left out; {@link #leftOut} says how many. */
    static final int MOST = 20_000;

    private static final ObjectMapper JSON = new ObjectMapper();

    private final Path folder;
    private final Map<String, RunRecord> known = new ConcurrentHashMap<>();
    private volatile int leftOut;

    public RunRecords(Lake lake) {
        this.folder = lake.root().resolve("_runs");
    }

    /** Those that are there and whole, in no order; half written ones and links are passed over. */
    public List<RunRecord> all() {
        List<RunRecord> records = new ArrayList<>();
        int more = 0;
        if (!Files.isDirectory(folder, LinkOption.NOFOLLOW_LINKS)) return records;
        try (DirectoryStream<Path> files = Files.newDirectoryStream(folder, "[!.]*.json")) {
            for (Path file : files) {
                if (records.size() < MOST) read(file).ifPresent(records::add);
                else more++;
            }
        } catch (NoSuchFileException | NotDirectoryException none) {
            return records;
        } catch (IOException denied) {
            throw Lake.unreadable(folder, denied);
        }
        leftOut = more;
        return records;
    }

    /** How many records the last reading left out. */
    public int leftOut() {
        return leftOut;
    }

    private Optional<RunRecord> read(Path file) {
        String name = file.getFileName().toString();
        RunRecord before = known.get(name);
        if (before != null) return Optional.of(before);
        if (!Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)) return Optional.empty();
        try {
            JsonNode node = JSON.readTree(file.toFile());
            RunRecord record = new RunRecord(
                    node.path("run_id").asText(),
                    node.path("job").asText(),
                    Maker.texts(node.path("inputs")),
                    Maker.texts(node.path("outputs")),
                    node.path("ended_at").asLong());
            if (record.runId().isEmpty()) return Optional.empty();
            known.put(name, record);
            return Optional.of(record);
        } catch (IOException half) {
            return Optional.empty();
        }
    }
}
