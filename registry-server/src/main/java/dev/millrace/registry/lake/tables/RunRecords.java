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
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/** The records of finished runs in a lake, as files. A record never changes; who has read one need not read it again. */
public final class RunRecords {
    private static final ObjectMapper JSON = new ObjectMapper();

    private final Path folder;

    public RunRecords(Lake lake) {
        this.folder = lake.root().resolve("_runs");
    }

    /** When a file was last added or removed, epoch nanoseconds as far as the file system tells; absent without records. */
    public OptionalLong modified() {
        try {
            if (!Files.isDirectory(folder, LinkOption.NOFOLLOW_LINKS)) return OptionalLong.empty();
            return OptionalLong.of(
                    Files.getLastModifiedTime(folder, LinkOption.NOFOLLOW_LINKS).to(TimeUnit.NANOSECONDS));
        } catch (IOException gone) {
            return OptionalLong.empty();
        }
    }

    /** Names of all records that are there, so many at a time, in no order. */
    public void names(int atOnce, Consumer<List<String>> use) {
        if (!Files.isDirectory(folder, LinkOption.NOFOLLOW_LINKS)) return;
        List<String> names = new ArrayList<>();
        try (DirectoryStream<Path> files = Files.newDirectoryStream(folder, "[!.]*.json")) {
            for (Path file : files) {
                names.add(file.getFileName().toString());
                if (names.size() < atOnce) continue;
                use.accept(List.copyOf(names));
                names.clear();
            }
        } catch (NoSuchFileException | NotDirectoryException none) {
            return;
        } catch (IOException denied) {
            throw Lake.unreadable(folder, denied);
        }
        if (!names.isEmpty()) use.accept(names);
    }

    /** Whether a record is there, read or not. */
    public boolean has(String name) {
        return Files.isRegularFile(folder.resolve(name), LinkOption.NOFOLLOW_LINKS);
    }

    /** A record; absent for a half written one, a link, and what is no record. */
    public Optional<RunRecord> read(String name) {
        if (!has(name)) return Optional.empty();
        try {
            JsonNode node = JSON.readTree(folder.resolve(name).toFile());
            RunRecord record = new RunRecord(
                    node.path("run_id").asText(),
                    node.path("job").asText(),
                    Maker.texts(node.path("inputs")),
                    Maker.texts(node.path("outputs")),
                    node.path("ended_at").asLong());
            return Optional.of(record).filter(one -> !one.runId().isEmpty());
        } catch (IOException half) {
            return Optional.empty();
        }
    }
}
