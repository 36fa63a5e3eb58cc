package dev.millrace.registry.outbound.webhooks;

/**
 * What a receiver answered.
 *
 * @param retryAfterSeconds what its {@code Retry-After} asks for; 0 when it asks for nothing
 * @param body the first bytes of it, as text
 */
record HookReply(int status, long retryAfterSeconds, String body) {

    /** Whether the same delivery may be taken later: the statuses that MLflow tries again. */
    boolean isWorthAnotherTry() {
        return status == 429 || status == 500 || status == 502 || status == 503 || status == 504;
    }
}
