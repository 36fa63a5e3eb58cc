package dev.millrace.registry.platform.http;

import dev.millrace.registry.platform.error.MillraceException;
import io.javalin.config.RoutesConfig;
import io.javalin.http.Context;
import io.javalin.http.HandlerType;
import io.javalin.http.HttpResponseException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Exceptions → answers: MLflow's {@code {error_code, message}}, or a problem detail (RFC 9457) below {@code /api/v1}.
 * What is not a {@link MillraceException} is a bug: 500, with the request id instead of its text, and a stack trace in
 * the log.
 */
public final class ErrorRoutes {
    private static final Logger LOG = LoggerFactory.getLogger(ErrorRoutes.class);
    private static final String OURS = "/api/v1";

    public void register(RoutesConfig routes) {
        routes.exception(MillraceException.class, ErrorRoutes::refused);
        routes.exception(HttpResponseException.class, ErrorRoutes::ofServer);
        routes.exception(Exception.class, ErrorRoutes::bug);
    }

    private static void refused(MillraceException refusal, Context http) {
        if (refusal.kind().isTemporary()) {
            http.header("Retry-After", "1");
            LOG.warn("{}: {}", RequestIds.told(http), refusal.getMessage());
        } else if (refusal.kind().httpStatus() >= 500) {
            LOG.error("{}", RequestIds.told(http), refusal);
        }
        write(http, refusal.kind().httpStatus(), refusal.kind().errorCode(), refusal.getMessage());
    }

    /** What Javalin itself refuses: too large a body, an unknown route, a wrong verb. */
    private static void ofServer(HttpResponseException refusal, Context http) {
        if (refusal.getStatus() == 404 && mergedSlashes(http)) return;
        String code =
                switch (refusal.getStatus()) {
                    case 403 -> "PERMISSION_DENIED";
                    case 404 -> "ENDPOINT_NOT_FOUND";
                    case 501 -> "NOT_IMPLEMENTED";
                    case 503 -> "TEMPORARILY_UNAVAILABLE";
                    default -> "BAD_REQUEST";
                };
        String message = refusal.getStatus() == 404
                ? "There is no " + http.method() + " " + http.path() + " here."
                : refusal.getMessage();
        write(http, refusal.getStatus(), code, message);
    }

    /** {@code GET //x} goes to {@code /x} as on MLflow's server; the gate then judges the address that is meant. */
    private static boolean mergedSlashes(Context http) {
        String path = http.req().getRequestURI();
        if (!http.method().equals(HandlerType.GET) || !path.contains("//")) return false;
        String query = http.queryString() == null ? "" : "?" + http.queryString();
        http.status(308)
                .header("Location", path.replaceAll("/{2,}", "/") + query)
                .result("");
        return true;
    }

    private static void bug(Exception bug, Context http) {
        LOG.error("{}", RequestIds.told(http), bug);
        write(
                http,
                500,
                "INTERNAL_ERROR",
                "This is an error of the registry itself. Its log has the cause beside request id "
                        + RequestIds.of(http) + ".");
    }

    private static void write(Context http, int status, String code, String message) {
        String text = Optional.ofNullable(message).orElse("");
        Map<String, Object> body = new LinkedHashMap<>();
        if (http.path().startsWith(OURS)) {
            body.put("type", "about:blank");
            body.put("title", code);
            body.put("status", status);
            body.put("detail", text);
            body.put("request_id", RequestIds.of(http));
            http.status(status).result(StrictJson.bytes(body)).contentType("application/problem+json");
        } else {
            body.put("error_code", code);
            body.put("message", text);
            http.status(status).result(StrictJson.bytes(body)).contentType("application/json");
        }
    }
}
