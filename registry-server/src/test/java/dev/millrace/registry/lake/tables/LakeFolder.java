package dev.millrace.registry.lake.tables;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.stream.Stream;

/** A copy of the tables in {@code src/test/resources/lake}, to look at and to damage; make.py there says what they are. */
public final class LakeFolder {
    private static final Path MADE = Path.of("src/test/resources/lake");

    private LakeFolder() {}

    /** Copies them to {@code folder}, which need not be there. */
    public static Path in(Path folder) {
        try (Stream<Path> all = Files.walk(MADE)) {
            for (Path from : all.toList()) {
                Path to = folder.resolve(MADE.relativize(from).toString());
                if (Files.isDirectory(from)) Files.createDirectories(to);
                else if (!from.getParent().equals(MADE)) Files.copy(from, to);
            }
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
        return folder;
    }

    /** Removes a folder with all in it; links are not followed. */
    public static void remove(Path folder) {
        if (!Files.exists(folder)) return;
        try (Stream<Path> all = Files.walk(folder)) {
            for (Path file : all.sorted(Comparator.reverseOrder()).toList()) Files.delete(file);
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }

    /** What deltalake reads from a table. */
    static JsonNode expected(String table) {
        try {
            return new ObjectMapper()
                    .readTree(MADE.resolve("expected.json").toFile())
                    .path(table);
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }

    public static Path log(Path lake, String table, long version) {
        return lake.resolve(table.replace('.', '/')).resolve(String.format("_delta_log/%020d.json", version));
    }
}
