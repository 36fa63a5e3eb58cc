package dev.millrace.registry.boot;

import dev.millrace.registry.platform.error.ErrorKind;
import dev.millrace.registry.platform.error.MillraceException;
import dev.millrace.registry.platform.http.StrictJson;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/** {@code HOME/registry/server.json}: where the live server is. Jobs find it there (CONTRACT §4). */
final class ServerFile {
    private static final String NAME = "server.json";

    private ServerFile() {}

    /**
     * Whole or not at all.
     *
     * @param certificate its SHA-256, by which our own commands know the server
     */
    static void write(Path folder, String url, long startedAt, Optional<String> certificate) {
        Map<String, Object> content = new LinkedHashMap<>();
        content.put("url", url);
        content.put("pid", ProcessHandle.current().pid());
        content.put("version", Version.OURS);
        content.put("started_at", startedAt);
        certificate.ifPresent(fingerprint -> content.put("certificate", fingerprint));
        try {
            Path fresh = Files.write(folder.resolve(NAME + ".new"), StrictJson.bytes(content));
            Files.move(
                    fresh, folder.resolve(NAME), StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } catch (IOException denied) {
            throw new MillraceException(
                    ErrorKind.OUTPUT_UNWRITABLE,
                    "`" + folder.resolve(NAME) + "` cannot be written: " + denied.getMessage() + ".",
                    denied);
        }
    }

    static Optional<String> read(Path folder) {
        try {
            return Optional.of(Files.readString(folder.resolve(NAME)));
        } catch (IOException absent) {
            return Optional.empty();
        }
    }

    static void delete(Path folder) {
        try {
            Files.deleteIfExists(folder.resolve(NAME));
        } catch (IOException denied) {
            // A stale file is harmless: jobs find nobody listening and spool.
        }
    }
}
