package dev.millrace.registry.resource.artifacts;

import static dev.millrace.registry.security.access.Rule.log;
import static dev.millrace.registry.security.access.Rule.toAll;
import static dev.millrace.registry.security.access.Where.artifacts;

import dev.millrace.registry.platform.error.MillraceException;
import dev.millrace.registry.platform.http.Fields;
import dev.millrace.registry.platform.http.MlflowApi;
import dev.millrace.registry.security.access.Gate;
import io.javalin.config.RoutesConfig;
import io.javalin.http.Context;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/**
 * Uploads in parts, as {@code mlflow.store.artifact.http_artifact_repo} asks for them: {@code mpu/create} gives a URL for
 * each part, which the client puts them to without a token, {@code mpu/complete} names their ETags, {@code mpu/abort} forgets
 * them. The path is the folder; the file's name is the last part of the body's {@code path}, which is the client's own.
 */
public final class MultipartRoutes {
    private static final List<String> PREFIXES = List.of("/api/2.0/mlflow-artifacts", "/ajax-api/2.0/mlflow-artifacts");

    private final MultipartUploads uploads;

    public MultipartRoutes(MultipartUploads uploads) {
        this.uploads = uploads;
    }

    public void register(RoutesConfig routes) {
        for (String prefix : PREFIXES) {
            routes.post(prefix + "/mpu/create/<path>", this::create, log(artifacts()));
            routes.post(prefix + "/mpu/complete/<path>", this::complete, log(artifacts()));
            routes.post(prefix + "/mpu/abort/<path>", this::abort, log(artifacts()));
            // Clients send parts without a token: the upload's id, which cannot be guessed, stands for the permission.
            routes.put(prefix + "/mpu/parts/{upload_id}/{part_number}", this::receive, toAll());
        }
    }

    private void create(Context http) {
        Fields body = MlflowApi.ofBody(http);
        String path = path(http, body);
        long parts = body.requiredInteger("num_parts");
        String id = uploads.begin(path, (int) Math.min(parts, Integer.MAX_VALUE), Gate.user(http));
        List<Map<String, Object>> credentials = IntStream.rangeClosed(1, (int) parts)
                .mapToObj(number -> credential(http, id, number))
                .toList();
        MlflowApi.answer(http, Map.of("upload_id", id, "credentials", credentials));
    }

    private static Map<String, Object> credential(Context http, String id, int number) {
        Map<String, Object> credential = new LinkedHashMap<>();
        credential.put("url", origin(http) + PREFIXES.get(0) + "/mpu/parts/" + id + "/" + number);
        credential.put("part_number", number);
        credential.put("headers", Map.of());
        return credential;
    }

    /** Where the client reached us; a proxy that ends TLS says so. */
    private static String origin(Context http) {
        boolean secure = "https".equalsIgnoreCase(http.header("X-Forwarded-Proto"));
        return (secure ? "https" : http.scheme()) + "://" + http.host();
    }

    private void receive(Context http) throws IOException {
        String number = http.pathParam("part_number");
        if (!number.matches("[0-9]{1,6}")) {
            throw MillraceException.invalid("`" + number + "` is no number of a part.");
        }
        String etag = uploads.receive(http.pathParam("upload_id"), Integer.parseInt(number), http.bodyInputStream());
        http.header("ETag", "\"" + etag + "\"");
    }

    private void complete(Context http) throws IOException {
        Fields body = MlflowApi.ofBody(http);
        List<MultipartUploads.Part> parts = body.items("parts", MultipartRoutes::part);
        uploads.complete(body.requiredText("upload_id"), path(http, body), Gate.user(http), parts);
        MlflowApi.answer(http, Map.of());
    }

    private static MultipartUploads.Part part(Fields part) {
        long number = part.requiredInteger("part_number");
        return new MultipartUploads.Part(
                (int) Math.max(0, Math.min(number, Integer.MAX_VALUE)),
                part.text("etag").orElse("").replaceAll("^\"|\"$", ""));
    }

    private void abort(Context http) throws IOException {
        Fields body = MlflowApi.ofBody(http);
        uploads.abort(body.requiredText("upload_id"), path(http, body), Gate.user(http));
        MlflowApi.answer(http, Map.of());
    }

    private static String path(Context http, Fields body) {
        String name = body.requiredText("path").replaceFirst("(?s)^.*[/\\\\]", "");
        if (name.isEmpty()) throw MillraceException.invalid("Parameter 'path' must end with the name of a file.");
        return http.pathParam("path") + "/" + name;
    }
}
