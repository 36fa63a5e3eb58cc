package dev.millrace.registry.storage;

import dev.millrace.registry.error.ErrorKind;
import dev.millrace.registry.error.MillraceException;
import java.sql.SQLException;
import org.sqlite.SQLiteErrorCode;
import org.sqlite.SQLiteException;

/** What a database's refusal means to a caller. */
public final class StorageErrors {
    private static final String UNIQUE_VIOLATION = "23505";

    private StorageErrors() {}

    /** Whether a unique or primary key refused a row: someone else was first. */
    public static boolean isUniqueViolation(Throwable failure) {
        for (Throwable at = failure; at != null; at = at.getCause()) {
            if (at instanceof SQLiteException lite) {
                SQLiteErrorCode code = lite.getResultCode();
                return code == SQLiteErrorCode.SQLITE_CONSTRAINT_UNIQUE
                        || code == SQLiteErrorCode.SQLITE_CONSTRAINT_PRIMARYKEY;
            }
            if (at instanceof SQLException sql) return UNIQUE_VIOLATION.equals(sql.getSQLState());
        }
        return false;
    }

    /** A full or read-only disk and a busy database become errors a caller can act on; the rest stays as it is. */
    static RuntimeException translated(RuntimeException failure) {
        for (Throwable at = failure; at != null; at = at.getCause()) {
            if (at instanceof SQLiteException lite) return translated(failure, lite.getResultCode());
        }
        return failure;
    }

    private static RuntimeException translated(RuntimeException failure, SQLiteErrorCode code) {
        String name = code.name();
        if (name.startsWith("SQLITE_FULL") || name.startsWith("SQLITE_IOERR") || name.startsWith("SQLITE_READONLY")) {
            return new MillraceException(
                    ErrorKind.OUTPUT_UNWRITABLE,
                    "The registry's database cannot be written (" + code.message
                            + "). Nothing of this request was kept; free space on the disk of its home, then retry.",
                    failure);
        }
        if (name.startsWith("SQLITE_BUSY") || name.startsWith("SQLITE_LOCKED")) {
            return new MillraceException(
                    ErrorKind.TEMPORARY, "The registry's database is busy (" + code.message + "). Try again.", failure);
        }
        return failure;
    }
}
