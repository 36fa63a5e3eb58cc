package dev.millrace.registry.boot;

import dev.millrace.registry.platform.error.ErrorKind;
import dev.millrace.registry.platform.error.MillraceException;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/** One server per home: the operating system gives the lock back when a process dies, however it dies. */
final class HomeLock implements AutoCloseable {
    private final FileChannel channel;

    private HomeLock(FileChannel channel) {
        this.channel = channel;
    }

    static HomeLock take(Path folder) {
        FileChannel channel = null;
        try {
            Files.createDirectories(folder);
            channel = FileChannel.open(folder.resolve("lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
            FileLock lock = channel.tryLock();
            if (lock != null) return new HomeLock(channel);
            channel.close();
            throw taken(folder, null);
        } catch (OverlappingFileLockException sameProcess) {
            closeQuietly(channel);
            throw taken(folder, sameProcess);
        } catch (IOException denied) {
            closeQuietly(channel);
            throw new MillraceException(
                    ErrorKind.OUTPUT_UNWRITABLE,
                    "`" + folder + "` cannot be written (" + denied.getMessage() + "). Choose another `--home`.",
                    denied);
        }
    }

    private static MillraceException taken(Path folder, Throwable cause) {
        String server = ServerFile.read(folder)
                .map(text -> " Its server: " + text.strip() + ".")
                .orElse("");
        return new MillraceException(
                ErrorKind.CONFIG,
                "Another server works on `" + folder.getParent() + "`." + server
                        + " Use that one, stop it, or choose another `--home`.",
                cause);
    }

    private static void closeQuietly(FileChannel channel) {
        try {
            if (channel != null) channel.close();
        } catch (IOException ignored) {
            // The channel was only open for the lock that was not given.
        }
    }

    @Override
    public void close() {
        closeQuietly(channel);
    }
}
