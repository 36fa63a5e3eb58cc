package dev.millrace.registry.platform.storage;

import dev.millrace.registry.platform.error.ErrorKind;
import dev.millrace.registry.platform.error.MillraceException;
import java.sql.SQLException;
import java.sql.SQLTransientConnectionException;
import java.util.Optional;
import org.sqlite.SQLiteErrorCode;
import org.sqlite.SQLiteException;

/**
 * What a database's refusal means to a caller. SQLSTATE codes: <a
 * href="https://www.postgresql.org/docs/current/errcodes-appendix.html">PostgreSQL, appendix A</a>.
 */
public final class StorageErrors {
    /** lock_not_available. */
    static final String LOCK_TAKEN = "55P03";

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

    /** Whether another server holds the lock of the one writer. */
    static boolean isLockTaken(Throwable failure) {
        for (Throwable at = failure; at != null; at = at.getCause()) {
            if (at instanceof SQLException sql && LOCK_TAKEN.equals(sql.getSQLState())) return true;
        }
        return false;
    }

    /** Whether PostgreSQL ended the session or cannot be reached: another connection may do. */
    static boolean isConnectionLost(Throwable failure) {
        SQLException cause = sqlException(failure);
        if (cause == null) return false;
        return cause.getSQLState().startsWith("08") || cause.getSQLState().startsWith("57P0");
    }

    /**
     * A full or read-only disk, a busy database and a lost connection become errors a caller can act on; the rest stays as
     * it is.
     */
    static RuntimeException translated(RuntimeException failure) {
        for (Throwable at = failure; at != null; at = at.getCause()) {
            if (at instanceof MillraceException known) return known;
            if (at instanceof SQLiteException lite) return translated(failure, lite.getResultCode());
            if (at instanceof SQLException sql) {
                return kind(sql)
                        .<RuntimeException>map(known -> told(known, sql, failure))
                        .orElse(failure);
            }
        }
        return failure;
    }

    /** The same for a server that cannot start: what is no passing trouble is one of its settings. */
    static RuntimeException atStart(RuntimeException failure, Place place) {
        SQLException cause = sqlException(failure);
        if (cause == null || cause instanceof SQLiteException) return translated(failure);
        if (LOCK_TAKEN.equals(cause.getSQLState())) {
            return new MillraceException(
                    ErrorKind.CONFIG,
                    "Another server works on the database " + place.shown()
                            + ". Use that one, stop it, or choose another database or schema.",
                    failure);
        }
        Optional<ErrorKind> kind = kind(cause);
        return new MillraceException(
                kind.orElse(ErrorKind.CONFIG),
                "The database " + place.shown() + " cannot be opened: " + cause.getMessage() + ". Mend `--database`"
                        + (kind.isPresent() ? ", or start PostgreSQL and try again." : "."),
                failure);
    }

    private static SQLException sqlException(Throwable failure) {
        for (Throwable at = failure; at != null; at = at.getCause()) {
            if (at instanceof SQLException sql && sql.getSQLState() != null) return sql;
        }
        return null;
    }

    /** What PostgreSQL or its driver means; absent: nothing a caller could act on. */
    private static Optional<ErrorKind> kind(SQLException refused) {
        String state = String.valueOf(refused.getSQLState());
        if (refused instanceof SQLTransientConnectionException || state.startsWith("08")) {
            return Optional.of(ErrorKind.TEMPORARY);
        }
        return switch (state) {
            // admin_shutdown, crash_shutdown, cannot_connect_now, idle_session_timeout, too_many_connections,
            // serialization_failure, deadlock_detected, lock_not_available
            case "57P01", "57P02", "57P03", "57P05", "53300", "40001", "40P01", LOCK_TAKEN ->
                Optional.of(ErrorKind.TEMPORARY);
            // disk_full, out_of_memory, io_error, read_only_sql_transaction, insufficient_privilege
            case "53100", "53200", "58030", "25006", "42501" -> Optional.of(ErrorKind.OUTPUT_UNWRITABLE);
            // program_limit_exceeded (a key too long for an index), character_not_in_repertoire,
            // untranslatable_character
            case "54000", "22021", "22P05" -> Optional.of(ErrorKind.USAGE);
            default -> Optional.empty();
        };
    }

    private static MillraceException told(ErrorKind kind, SQLException refused, RuntimeException failure) {
        String said = String.valueOf(refused.getMessage()).lines().findFirst().orElse("");
        String message =
                switch (kind) {
                    case TEMPORARY -> "The registry's database does not answer (" + said + "). Try again.";
                    case OUTPUT_UNWRITABLE ->
                        "The registry's database cannot be written (" + said
                                + "). Nothing of this request was kept; free space on its disk or mend its rights, then"
                                + " retry.";
                    default -> "The database refuses a text of this request (" + said + "). Shorten or mend it.";
                };
        return new MillraceException(kind, message, failure);
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
