package dev.millrace.registry.security.access;

import dev.millrace.registry.platform.error.ErrorKind;
import dev.millrace.registry.platform.error.MillraceException;
import io.javalin.http.Context;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Optional;

/**
 * Reads the token of a request, as MLflow's clients send it: {@code Authorization: Bearer TOKEN} for {@code
 * MLFLOW_TRACKING_TOKEN}, {@code Basic} with the token as the password for {@code MLFLOW_TRACKING_USERNAME} and {@code
 * MLFLOW_TRACKING_PASSWORD}; browsers have it in a cookie.
 */
record Credentials(AccessService access) {
    static final String COOKIE = "millrace_session";

    /** @throws MillraceException UNAUTHENTICATED */
    Principal require(Context http) {
        String header = Optional.ofNullable(http.header("Authorization")).orElse("");
        Optional<Principal> holder;
        if (header.regionMatches(true, 0, "Bearer ", 0, 7)) {
            holder = access.holder(header.substring(7).strip());
        } else if (header.regionMatches(true, 0, "Basic ", 0, 6)) {
            holder = ofPair(header.substring(6).strip());
        } else {
            holder = Optional.ofNullable(http.cookie(COOKIE)).flatMap(access::holder);
        }
        return holder.orElseThrow(() -> refused(http, header.isEmpty() && http.cookie(COOKIE) == null));
    }

    private Optional<Principal> ofPair(String encoded) {
        try {
            String pair = new String(Base64.getDecoder().decode(encoded), StandardCharsets.UTF_8);
            int colon = pair.indexOf(':');
            if (colon < 0) return Optional.empty();
            return access.holder(pair.substring(colon + 1))
                    .filter(principal -> principal.name().equals(pair.substring(0, colon)));
        } catch (IllegalArgumentException notBase64) {
            return Optional.empty();
        }
    }

    private static MillraceException refused(Context http, boolean nothing) {
        // A challenge makes browsers ask by a window of their own; our pages have a better one.
        boolean page = http.path().startsWith("/ajax-api/") || http.path().startsWith("/api/v1/");
        if (!page) http.header("WWW-Authenticate", "Basic realm=\"mlflow\"");
        return new MillraceException(
                ErrorKind.UNAUTHENTICATED,
                nothing
                        ? "You are not authenticated. Set MLFLOW_TRACKING_TOKEN to a token of this registry, or"
                                + " MLFLOW_TRACKING_USERNAME and the token as MLFLOW_TRACKING_PASSWORD; in a browser, sign"
                                + " in."
                        : "The token is unknown, expired or revoked, or it is another user's. Ask an administrator of"
                                + " this registry for a new one.");
    }
}
