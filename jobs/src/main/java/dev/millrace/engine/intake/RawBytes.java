package dev.millrace.engine.intake;

import dev.millrace.platform.error.ErrorKind;
import dev.millrace.platform.error.MillraceException;
import dev.millrace.platform.spark.SparkErrors;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.net.SocketException;
import java.util.List;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.ChecksumException;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.security.AccessControlException;

/**
 * Tells a file whose content makes no sense from one that its storage does not give: only the first may be set aside,
 * since the second can be whole when it is asked for again.
 */
public final class RawBytes {
    private static final int BUFFER = 1 << 20;

    /** Never the content's doing, whatever a second look says. */
    private static final List<Class<? extends IOException>> STORAGE = List.of(
            FileNotFoundException.class,
            AccessControlException.class,
            InterruptedIOException.class,
            SocketException.class,
            java.nio.file.FileSystemException.class);

    private RawBytes() {}

    /**
     * After a failed reading: reads the file once more, as bytes, to its end.
     *
     * @param failed what went wrong
     * @throws MillraceException INPUT_UNREADABLE when the bytes cannot be had
     */
    public static void require(SourceFile file, Configuration hadoop, Exception failed) {
        for (Throwable cause = failed; cause != null; cause = cause.getCause()) {
            for (Class<?> type : STORAGE) if (type.isInstance(cause)) throw unavailable(file, cause);
        }
        Path path = new Path(file.path());
        byte[] buffer = new byte[BUFFER];
        try (InputStream in = path.getFileSystem(hadoop).open(path)) {
            while (in.read(buffer) >= 0) {
                // Only whether it can be read.
            }
        } catch (ChecksumException damaged) {
            return;
        } catch (IOException storage) {
            throw unavailable(file, storage);
        }
    }

    private static MillraceException unavailable(SourceFile file, Throwable reason) {
        String why = reason instanceof FileNotFoundException
                ? "it no longer exists"
                : "its storage reports: " + SparkErrors.firstLine(reason);
        return new MillraceException(
                ErrorKind.INPUT_UNREADABLE,
                "File `" + file.printed() + "` could not be read: " + why
                        + ". The content of the file is not the cause,"
                        + " so it was not quarantined, and nothing was committed. Fix the storage or its permissions, then run"
                        + " the job again.",
                reason);
    }
}
