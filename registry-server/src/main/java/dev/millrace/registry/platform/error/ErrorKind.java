package dev.millrace.registry.platform.error;

/**
 * What went wrong, as far as a caller must know. The jobs have their own twin of this table; {@code
 * conf/contract/errors.json} holds both equal. Kinds that never cross HTTP are not here.
 */
public enum ErrorKind {
    /** A bug: nothing a user can mend. */
    INTERNAL(1, 500, "INTERNAL_ERROR"),
    USAGE(2, 400, "INVALID_PARAMETER_VALUE"),
    CONFIG(2, 400, "INVALID_PARAMETER_VALUE"),
    ALREADY_EXISTS(2, 400, "RESOURCE_ALREADY_EXISTS"),
    NOT_FOUND(3, 404, "RESOURCE_DOES_NOT_EXIST"),
    INPUT_UNREADABLE(3, 400, "INVALID_PARAMETER_VALUE"),
    SCHEMA_MISMATCH(3, 400, "INVALID_PARAMETER_VALUE"),
    POLICY_REFUSED(5, 409, "RESOURCE_CONFLICT"),
    UNAUTHENTICATED(5, 401, "UNAUTHENTICATED"),
    FORBIDDEN(5, 403, "PERMISSION_DENIED"),
    MODEL_UNUSABLE(7, 400, "INVALID_PARAMETER_VALUE"),
    OUTPUT_UNWRITABLE(8, 507, "INTERNAL_ERROR"),
    CONFLICT(75, 409, "RESOURCE_CONFLICT"),
    LIMIT(75, 429, "REQUEST_LIMIT_EXCEEDED"),
    TEMPORARY(75, 503, "TEMPORARILY_UNAVAILABLE");

    private final int exitCode;
    private final int httpStatus;
    private final String errorCode;

    ErrorKind(int exitCode, int httpStatus, String errorCode) {
        this.exitCode = exitCode;
        this.httpStatus = httpStatus;
        this.errorCode = errorCode;
    }

    /** Exit code of the process when this stops it, CONTRACT §1. */
    public int exitCode() {
        return exitCode;
    }

    public int httpStatus() {
        return httpStatus;
    }

    /** MLflow's {@code error_code}. */
    public String errorCode() {
        return errorCode;
    }

    /** Whether trying again later may help; such answers carry {@code Retry-After}. */
    public boolean isTemporary() {
        return this == LIMIT || this == TEMPORARY;
    }
}
