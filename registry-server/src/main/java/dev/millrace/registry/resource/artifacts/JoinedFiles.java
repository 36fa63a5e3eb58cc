package dev.millrace.registry.resource.artifacts;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Iterator;

/** Files one after the other as one stream; one of them is open at a time. */
final class JoinedFiles extends InputStream {
    private final Iterator<Path> files;
    private InputStream open = InputStream.nullInputStream();

    JoinedFiles(Iterator<Path> files) {
        this.files = files;
    }

    @Override
    public int read() {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : Byte.toUnsignedInt(one[0]);
    }

    /** What cannot be read here is not the client's fault: no IOException, which would say so. */
    @Override
    public int read(byte[] buffer, int offset, int length) {
        try {
            int read = open.read(buffer, offset, length);
            while (read < 0 && files.hasNext()) {
                open.close();
                open = Files.newInputStream(files.next());
                read = open.read(buffer, offset, length);
            }
            return read;
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
    }

    @Override
    public void close() throws IOException {
        open.close();
    }
}
