package dev.millrace.platform.error;

import java.util.Objects;

/**
 * Something a user can mend. The message says what is wrong, where, why if known, and what to do. Everything that is
 * not a {@code MillraceException} is a bug.
 */
public final class MillraceException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final ErrorKind kind;

    public MillraceException(ErrorKind kind, String message) {
        super(message);
        this.kind = Objects.requireNonNull(kind, "kind");
    }

    public MillraceException(ErrorKind kind, String message, Throwable cause) {
        super(message, cause);
        this.kind = Objects.requireNonNull(kind, "kind");
    }

    public ErrorKind kind() {
        return kind;
    }
}
