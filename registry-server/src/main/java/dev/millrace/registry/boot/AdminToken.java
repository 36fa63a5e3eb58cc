package dev.millrace.registry.boot;

import dev.millrace.registry.platform.error.ErrorKind;
import dev.millrace.registry.platform.error.MillraceException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Optional;
import org.slf4j.LoggerFactory;

/** {@code admin-token}: the first administrator's token, for whoever can read the server's own folder. */
final class AdminToken {
    private static final String NAME = "admin-token";

    private AdminToken() {}

    /** Readable by the owner only from its first byte on. */
    static void write(Path folder, String secret) {
        Path file = folder.resolve(NAME);
        try {
            Files.deleteIfExists(file);
            boolean posix = Files.getFileStore(folder).supportsFileAttributeView("posix");
            if (posix) {
                Files.createFile(
                        file, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
            }
            Files.writeString(file, secret + "\n", StandardOpenOption.CREATE, StandardOpenOption.WRITE);
            LoggerFactory.getLogger(AdminToken.class)
                    .info("the first administrator is `admin`, whose token is in {}", file);
        } catch (IOException denied) {
            throw new MillraceException(
                    ErrorKind.OUTPUT_UNWRITABLE,
                    "`" + file + "` cannot be written: " + denied.getMessage() + ".",
                    denied);
        }
    }

    static Optional<String> read(Path folder) {
        try {
            return Optional.of(Files.readString(folder.resolve(NAME)).strip());
        } catch (IOException absent) {
            return Optional.empty();
        }
    }
}
