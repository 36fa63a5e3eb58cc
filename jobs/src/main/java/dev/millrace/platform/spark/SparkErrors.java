package dev.millrace.platform.spark;

import dev.millrace.platform.error.ErrorKind;
import dev.millrace.platform.error.MillraceException;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.apache.spark.SparkException;
import org.apache.spark.SparkThrowable;

/**
 * Turns what Spark, Delta and Hadoop throw into what a person can act on. Scala throws checked exceptions that no Java
 * signature declares (SparkException, AnalysisException): around Spark's calls catch {@code Exception}.
 */
public final class SparkErrors {
    private static final String RESTORE =
            "Read an older version (`version`) or restore the files of the table, then run the job again.";

    private SparkErrors() {}

    /** Whether another writer won the race for a Delta commit; trying again may work. */
    public static boolean isConcurrentWrite(Throwable failed) {
        return chain(failed).stream()
                .anyMatch(cause -> cause.getClass().getName().startsWith("io.delta.exceptions.Concurrent")
                        || cause.getClass().getName().startsWith("io.delta.exceptions.MetadataChanged")
                        || cause.getClass().getName().startsWith("io.delta.exceptions.ProtocolChanged")
                        || cause.getClass().getName().contains(".delta.exceptions.Concurrent"));
    }

    private static final Set<String> TABLE_IS_THERE =
            Set.of("DELTA_PATH_EXISTS", "TABLE_OR_VIEW_ALREADY_EXISTS", "DELTA_TABLE_ALREADY_EXISTS");

    /** Whether a table was to be created and another writer had created it just before. */
    public static boolean isTableThere(Throwable failed) {
        return chain(failed).stream()
                .anyMatch(cause -> cause instanceof SparkThrowable known
                        && known.getCondition() != null
                        && TABLE_IS_THERE.contains(known.getCondition()));
    }

    /** A failure while writing {@code table}, as OUTPUT_UNWRITABLE where the disk or its rights are the reason. */
    public static RuntimeException onWrite(String table, Exception failed) {
        MillraceException ours = find(failed, MillraceException.class);
        if (ours != null) return ours;
        String reason = unwritable(failed);
        if (reason == null) return translated(failed);
        return new MillraceException(
                ErrorKind.OUTPUT_UNWRITABLE,
                "Cannot write table `" + table + "`: " + reason
                        + ". The table is unchanged. Free disk space or fix the permissions, then run the job again.",
                failed);
    }

    /** A failure while reading the table or file at {@code location}. */
    public static RuntimeException onRead(String location, Exception failed) {
        MillraceException ours = find(failed, MillraceException.class);
        if (ours != null) return ours;
        IOException io = find(failed, IOException.class);
        boolean reading = io != null
                || failed instanceof SparkException
                || failed.getClass().getName().contains("delta");
        if (!reading) return unchecked(failed);
        Throwable cause = io == null ? root(failed) : io;
        return new MillraceException(
                ErrorKind.INPUT_UNREADABLE,
                "Cannot read `" + location + "`: " + firstLine(cause) + ". " + RESTORE,
                failed);
    }

    /** The first line of a message that says something; Spark's about SQL that it cannot parse begins with none. */
    public static String firstLine(Throwable cause) {
        String message = cause.getMessage() == null ? "" : cause.getMessage();
        return message.lines()
                .filter(line -> !line.isBlank())
                .findFirst()
                .orElse(cause.getClass().getSimpleName())
                .strip();
    }

    /**
     * What is known to be the data's or the user's doing, in words: bad casts under ANSI, missing files, a full disk.
     * Other failures come back as they are.
     */
    public static RuntimeException translated(Exception failed) {
        MillraceException ours = find(failed, MillraceException.class);
        if (ours != null) return ours;
        String reason = unwritable(failed);
        if (reason != null) {
            return new MillraceException(
                    ErrorKind.OUTPUT_UNWRITABLE,
                    "Cannot write: " + reason + ". Free disk space or fix the permissions.",
                    failed);
        }
        FileNotFoundException gone = find(failed, FileNotFoundException.class);
        if (gone != null) {
            return new MillraceException(
                    ErrorKind.INPUT_UNREADABLE,
                    "A file of a table is missing: " + firstLine(gone) + ". It was vacuumed or deleted. " + RESTORE,
                    failed);
        }
        if (failed instanceof SparkThrowable unread && isUnreadable(unread.getCondition())) {
            String why = root(failed) == failed ? "" : " " + firstLine(root(failed)) + ".";
            return new MillraceException(
                    ErrorKind.INPUT_UNREADABLE,
                    firstLine(failed).replaceFirst("^\\[[^]]*] ", "").replaceFirst("\\s*SQLSTATE: .*$", "") + why + " "
                            + RESTORE,
                    failed);
        }
        Throwable root = root(failed);
        if (String.valueOf(root.getMessage()).contains("DELTA_MULTIPLE_SOURCE_ROW_MATCHING")) {
            return new MillraceException(
                    ErrorKind.SCHEMA_MISMATCH,
                    "Several rows have the same key, but rows are merged by key. Make the keys unique (with the dedup"
                            + " job), or add columns to `keys`.",
                    failed);
        }
        if (root instanceof SparkThrowable data && isDataError(data.getCondition())) {
            return new MillraceException(
                    ErrorKind.SCHEMA_MISMATCH, "The data does not match the job: " + firstLine(root), failed);
        }
        return unchecked(failed);
    }

    private static RuntimeException unchecked(Exception failed) {
        return failed instanceof RuntimeException already
                ? already
                : new IllegalStateException(firstLine(failed), failed);
    }

    private static boolean isUnreadable(String condition) {
        return condition != null && condition.startsWith("FAILED_READ_FILE");
    }

    private static boolean isDataError(String condition) {
        return condition != null
                && (condition.startsWith("CAST_")
                        || condition.startsWith("ARITHMETIC_")
                        || condition.startsWith("DIVIDE_BY_ZERO")
                        || condition.startsWith("CANNOT_PARSE")
                        || condition.startsWith("NUMERIC_VALUE_OUT_OF_RANGE"));
    }

    private static String unwritable(Throwable failed) {
        for (Throwable cause : chain(failed)) {
            String message = String.valueOf(cause.getMessage()).toLowerCase(Locale.ROOT);
            if (message.contains("no space left")) return "no space is left on the device";
            if (message.contains("disk quota exceeded")) return "the disk quota is exceeded";
            if (message.contains("read-only file system")) return "the file system is read-only";
            if (message.contains("permission denied") || cause instanceof java.nio.file.AccessDeniedException) {
                return "permission denied (" + firstLine(cause) + ")";
            }
            if (message.contains("mkdirs failed")
                    || message.contains("delta_cannot_create_log_path")
                    || message.contains("not a directory")
                    || message.contains("parent path is not a directory")) {
                return "its folder cannot be created (" + firstLine(cause) + ")";
            }
        }
        return null;
    }

    private static Throwable root(Throwable failed) {
        List<Throwable> chain = chain(failed);
        return chain.get(chain.size() - 1);
    }

    private static <T extends Throwable> T find(Throwable failed, Class<T> type) {
        return chain(failed).stream()
                .filter(type::isInstance)
                .map(type::cast)
                .findFirst()
                .orElse(null);
    }

    private static List<Throwable> chain(Throwable failed) {
        List<Throwable> chain = new ArrayList<>();
        for (Throwable cause = failed; cause != null && !chain.contains(cause); cause = cause.getCause()) {
            chain.add(cause);
        }
        return chain;
    }
}
