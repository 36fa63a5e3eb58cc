package dev.millrace.platform.error;

/**
 * What went wrong, as far as a caller must know: the exit code of a command and how a scheduler should react.
 *
 * <p>The server has its own twin of this table; {@code conf/contract/errors.json} holds both equal.
 */
public enum ErrorKind {
    /** A bug: nothing a user can mend. */
    INTERNAL(1),
    USAGE(2),
    CONFIG(2),
    ALREADY_EXISTS(2),
    NOT_FOUND(3),
    INPUT_UNREADABLE(3),
    SCHEMA_MISMATCH(3),
    QUALITY_GATE(4),
    POLICY_REFUSED(5),
    UNAUTHENTICATED(5),
    FORBIDDEN(5),
    REGISTRY_UNREACHABLE(6),
    MODEL_UNUSABLE(7),
    OUTPUT_UNWRITABLE(8),
    CONFLICT(75),
    LIMIT(75),
    TEMPORARY(75);

    private final int exitCode;

    ErrorKind(int exitCode) {
        this.exitCode = exitCode;
    }

    /** The process exit code, CONTRACT §1. */
    public int exitCode() {
        return exitCode;
    }
}
