package dev.millrace.platform.tracking;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.millrace.platform.error.ErrorKind;
import dev.millrace.platform.error.MillraceException;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.stream.Collectors;

/** MLflow's REST protocol: JSON over HTTP, {@code error_code} in answers that refuse. Thread-safe. */
final class MlflowHttp {
    static final ObjectMapper JSON = new ObjectMapper();
    private static final String API = "/api/2.0/mlflow/";
    private static final int ATTEMPTS = 3;
    private static final Duration ANSWER = Duration.ofSeconds(30);
    private static final Duration TRANSFER = Duration.ofMinutes(10);

    private final ServerLocation server;
    private final HttpClient client;

    MlflowHttp(ServerLocation server) {
        this.server = server;
        HttpClient.Builder builder =
                HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).connectTimeout(Duration.ofSeconds(4));
        server.certificate().map(ServerCertificate::trusting).ifPresent(builder::sslContext);
        this.client = builder.build();
    }

    String base() {
        return server.uri();
    }

    /** A refusal of the server: it was reached and said no. */
    static final class Refused extends RuntimeException {
        private static final long serialVersionUID = 1L;
        private final int status;
        private final String code;

        Refused(int status, String code, String message) {
            super(message);
            this.status = status;
            this.code = code;
        }

        boolean isNotFound() {
            return status == 404 || code.equals("RESOURCE_DOES_NOT_EXIST");
        }

        /** The registry itself says so; a proxy's 404 is no answer about a model. */
        boolean isNoModel() {
            return code.equals("RESOURCE_DOES_NOT_EXIST");
        }

        /**
         * MLflow responds 400 INVALID_PARAMETER_VALUE for an alias that is not set, as for every other request it
         * refuses; only its message tells them apart ({@code Registered model alias champion not found.}).
         */
        boolean isAliasUnset() {
            return code.equals("INVALID_PARAMETER_VALUE")
                    && String.valueOf(getMessage()).matches("(?is).*alias\\b.*\\bnot found.*");
        }

        boolean alreadyExists() {
            return code.equals("RESOURCE_ALREADY_EXISTS");
        }

        int status() {
            return status;
        }

        /** Whether the server, or what stands before it, is out of order or overloaded: it has not judged the request. */
        boolean isOutOfOrder() {
            return status == 429 || status >= 500;
        }
    }

    /** @param call below {@code /api/2.0/mlflow/} */
    JsonNode get(String call, Map<String, String> query) {
        String parameters = query.entrySet().stream()
                .map(entry -> entry.getKey() + "=" + encoded(entry.getValue()))
                .collect(Collectors.joining("&"));
        return json(send(request(API + call + (parameters.isEmpty() ? "" : "?" + parameters))
                .GET()));
    }

    JsonNode post(String call, ObjectNode body) {
        return json(send(request(API + call)
                .header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString(body.toString()))));
    }

    /** For what must not happen twice: an answer that was lost is not asked for again. */
    JsonNode postOnce(String call, ObjectNode body) {
        return json(send(
                request(API + call)
                        .header("Content-Type", "application/json")
                        .POST(HttpRequest.BodyPublishers.ofString(body.toString())),
                1));
    }

    JsonNode delete(String call, ObjectNode body) {
        return json(send(request(API + call)
                .header("Content-Type", "application/json")
                .method("DELETE", HttpRequest.BodyPublishers.ofString(body.toString()))));
    }

    /** GET of any path of the server. */
    JsonNode getPath(String path) {
        return json(send(request(path).GET()));
    }

    /** PUT of JSON to any path of the server. */
    void putJson(String path, String body) {
        send(request(path).header("Content-Type", "application/json").PUT(HttpRequest.BodyPublishers.ofString(body)));
    }

    void putFile(String path, Path file) {
        try {
            send(request(path)
                    .header("Content-Type", "application/octet-stream")
                    .timeout(TRANSFER)
                    .PUT(HttpRequest.BodyPublishers.ofFile(file)));
        } catch (java.io.FileNotFoundException gone) {
            throw new IllegalStateException("The spooled artifact " + file + " is gone", gone);
        }
    }

    /** Downloads into {@code target}, which is replaced. */
    void download(String path, Path target) {
        HttpRequest request = request(path).timeout(TRANSFER).GET().build();
        try {
            HttpResponse<Path> response = client.send(request, HttpResponse.BodyHandlers.ofFile(target));
            if (response.statusCode() >= 300) {
                throw new Refused(response.statusCode(), "", "HTTP " + response.statusCode() + " for " + path);
            }
        } catch (IOException unreachable) {
            throw unreachable(unreachable);
        } catch (InterruptedException interrupted) {
            throw interrupted(interrupted);
        }
    }

    /** Each segment percent-encoded, slashes kept. */
    static String encodedPath(String path) {
        return java.util.Arrays.stream(path.split("/", -1))
                .map(MlflowHttp::encoded)
                .collect(Collectors.joining("/"));
    }

    private static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
    }

    private HttpRequest.Builder request(String path) {
        HttpRequest.Builder builder =
                HttpRequest.newBuilder(URI.create(server.uri() + path)).timeout(ANSWER);
        server.authorization().ifPresent(value -> builder.header("Authorization", value));
        return builder;
    }

    private HttpResponse<String> send(HttpRequest.Builder builder) {
        return send(builder, ATTEMPTS);
    }

    private HttpResponse<String> send(HttpRequest.Builder builder, int attempts) {
        HttpRequest request = builder.build();
        IOException last = null;
        for (int attempt = 1; attempt <= attempts; attempt++) {
            try {
                HttpResponse<String> response = client.send(request, HttpResponse.BodyHandlers.ofString());
                if (response.statusCode() < 300) return response;
                boolean again = response.statusCode() == 429 || response.statusCode() >= 502;
                if (!again || attempt == attempts) throw refused(response);
                Thread.sleep(300L * attempt);
            } catch (IOException unreachable) {
                last = unreachable;
                if (attempt < attempts) pause(200L * attempt);
            } catch (InterruptedException interrupted) {
                throw interrupted(interrupted);
            }
        }
        throw unreachable(last);
    }

    private static void pause(long millis) {
        try {
            Thread.sleep(millis);
        } catch (InterruptedException interrupted) {
            throw interrupted(interrupted);
        }
    }

    private static Refused refused(HttpResponse<String> response) {
        try {
            JsonNode body = JSON.readTree(response.body());
            if (body != null && body.hasNonNull("error_code")) {
                return new Refused(
                        response.statusCode(),
                        body.path("error_code").asText(),
                        body.path("message").asText());
            }
            if (body != null && body.hasNonNull("detail")) {
                return new Refused(
                        response.statusCode(), "", body.path("detail").asText());
            }
        } catch (com.fasterxml.jackson.core.JsonProcessingException notJson) {
            // An HTML page of a proxy or an unknown route: the status has to do.
        }
        return new Refused(response.statusCode(), "", "HTTP " + response.statusCode() + " from " + response.uri());
    }

    private static JsonNode json(HttpResponse<String> response) {
        try {
            return response.body().isBlank() ? JSON.createObjectNode() : JSON.readTree(response.body());
        } catch (com.fasterxml.jackson.core.JsonProcessingException notMlflow) {
            throw new MillraceException(
                    ErrorKind.REGISTRY_UNREACHABLE,
                    response.uri() + " returned a response that is not JSON. Check that it is an MLflow server.",
                    notMlflow);
        }
    }

    private MillraceException unreachable(IOException cause) {
        String reason = cause == null || cause.getMessage() == null ? "connection refused" : cause.getMessage();
        return new MillraceException(
                ErrorKind.REGISTRY_UNREACHABLE,
                "The registry at " + server.uri() + " does not respond (" + reason + ", " + ATTEMPTS
                        + " attempts). Start it with `scripts/registry start`, or check `tracking.uri`.",
                cause);
    }

    private static MillraceException interrupted(InterruptedException cause) {
        Thread.currentThread().interrupt();
        return new MillraceException(ErrorKind.TEMPORARY, "Interrupted while waiting for the registry.", cause);
    }
}
