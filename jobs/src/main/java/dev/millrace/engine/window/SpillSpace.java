package dev.millrace.engine.window;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.function.Supplier;

/**
 * Where events go that do not fit into memory: one file, created when first needed and deleted by {@link #close}. Not
 * thread-safe.
 */
public final class SpillSpace implements AutoCloseable {
    private final long memoryBytes;
    private final Supplier<Path> newFile;
    private Path path;
    private FileChannel channel;
    private long end;

    /**
     * @param memoryBytes events of an entity may take this much memory
     * @param newFile names a file that can be created; asked at most once
     */
    public SpillSpace(long memoryBytes, Supplier<Path> newFile) {
        this.memoryBytes = memoryBytes;
        this.newFile = newFile;
    }

    long memoryBytes() {
        return memoryBytes;
    }

    /** Whether events were ever written. */
    public boolean isUsed() {
        return channel != null;
    }

    /** Forgets what was written; the file is used anew. */
    void clear() {
        end = 0;
    }

    /** @return where the bytes begin */
    long write(byte[] bytes) {
        try {
            if (channel == null) {
                path = newFile.get();
                channel = FileChannel.open(
                        path, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);
            }
            long start = end;
            ByteBuffer buffer = ByteBuffer.wrap(bytes);
            while (buffer.hasRemaining()) end += channel.write(buffer, end);
            return start;
        } catch (IOException full) {
            throw new UncheckedIOException("cannot write events of a long window to " + path, full);
        }
    }

    byte[] read(long start, int length) {
        try {
            ByteBuffer buffer = ByteBuffer.allocate(length);
            while (buffer.hasRemaining()) {
                if (channel.read(buffer, start + buffer.position()) < 0) throw new IOException("is too short");
            }
            return buffer.array();
        } catch (IOException lost) {
            throw new UncheckedIOException("cannot read events of a long window from " + path, lost);
        }
    }

    @Override
    public void close() {
        if (channel == null) return;
        try {
            channel.close();
            Files.deleteIfExists(path);
        } catch (IOException undeletable) {
            throw new UncheckedIOException("cannot delete " + path, undeletable);
        } finally {
            channel = null;
        }
    }
}
