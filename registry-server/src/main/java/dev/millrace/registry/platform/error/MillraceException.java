package dev.millrace.registry.platform.error;

import java.util.Objects;

/**
 * Something a caller can mend. The message says what is wrong, where, and what to do. Everything that is not a {@code
 * MillraceException} is a bug and answers 500 without its text.
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

    /** A request that breaks a rule: 400 {@code INVALID_PARAMETER_VALUE}. */
    public static MillraceException invalid(String message) {
        return new MillraceException(ErrorKind.USAGE, message);
    }

    /** 404 {@code RESOURCE_DOES_NOT_EXIST}. */
    public static MillraceException notFound(String message) {
        return new MillraceException(ErrorKind.NOT_FOUND, message);
    }

    public ErrorKind kind() {
        return kind;
    }
}
