package dev.millrace.platform.tracking;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.millrace.platform.home.Home;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;

/**
 * Where the tracking server is, and how to be let in.
 *
 * @param uri base URL without a trailing slash
 * @param authorization value of the Authorization header
 * @param certificate PEM file of what to trust instead of public roots
 */
public record ServerLocation(String uri, Optional<String> authorization, Optional<Path> certificate) {
    /** One that public roots vouch for, or of plain HTTP. */
    ServerLocation(String uri, Optional<String> authorization) {
        this(uri, authorization, Optional.empty());
    }

    /**
     * {@code tracking.uri} → {@code MLFLOW_TRACKING_URI} → {@code HOME/registry/server.json} → none (CONTRACT §4).
     *
     * @param configured the job file's {@code tracking.uri}
     */
    public static Optional<ServerLocation> find(
            Optional<String> configured, Home home, Map<String, String> environment) {
        return configured
                .or(() -> Optional.ofNullable(environment.get("MLFLOW_TRACKING_URI")))
                .or(() -> home.serverFile().flatMap(ServerLocation::live))
                .filter(uri -> uri.startsWith("http://") || uri.startsWith("https://"))
                .map(uri -> new ServerLocation(
                        uri.replaceAll("/+$", ""), authorization(environment), certificate(environment)));
    }

    private static Optional<String> live(Path serverFile) {
        if (!Files.exists(serverFile)) return Optional.empty();
        try {
            String url = new ObjectMapper()
                    .readTree(Files.readString(serverFile))
                    .path("url")
                    .asText("");
            return url.isEmpty() ? Optional.empty() : Optional.of(url);
        } catch (IOException halfWritten) {
            return Optional.empty();
        }
    }

    private static Optional<Path> certificate(Map<String, String> environment) {
        return Optional.ofNullable(environment.get("MLFLOW_TRACKING_SERVER_CERT_PATH"))
                .filter(path -> !path.isEmpty())
                .map(Path::of);
    }

    private static Optional<String> authorization(Map<String, String> environment) {
        String user = environment.get("MLFLOW_TRACKING_USERNAME");
        String password = environment.get("MLFLOW_TRACKING_PASSWORD");
        if (user != null && password != null) {
            byte[] pair = (user + ":" + password).getBytes(java.nio.charset.StandardCharsets.UTF_8);
            return Optional.of("Basic " + java.util.Base64.getEncoder().encodeToString(pair));
        }
        return Optional.ofNullable(environment.get("MLFLOW_TRACKING_TOKEN")).map(token -> "Bearer " + token);
    }
}
