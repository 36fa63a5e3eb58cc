package dev.millrace.registry.boot;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.millrace.registry.platform.http.StrictJson;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;

/**
 * {@code /openapi.json}: {@code openapi.json}, written by hand, and {@code openapi-mlflow.json}, made from MLflow's own
 * protobuf descriptors by {@code src/test/python/openapi_of_mlflow.py}, as one document.
 */
final class OpenApi {
    private static final String[] JOINED = {"/paths", "/components/schemas", "/components/responses"};

    private OpenApi() {}

    /** Made when it is first asked for: a start need not wait for it. */
    private static final class Made {
        private static final byte[] DOCUMENT = joined();
    }

    static byte[] document() {
        return Made.DOCUMENT;
    }

    private static byte[] joined() {
        JsonNode document = part("openapi.json");
        JsonNode mlflow = part("openapi-mlflow.json");
        for (String at : JOINED) ((ObjectNode) document.at(at)).setAll((ObjectNode) mlflow.at(at));
        return StrictJson.bytes(document);
    }

    private static JsonNode part(String name) {
        try (InputStream in = OpenApi.class.getResourceAsStream("/" + name)) {
            return StrictJson.tree(new String(in.readAllBytes(), StandardCharsets.UTF_8));
        } catch (IOException unreadable) {
            throw new IllegalStateException("The resource " + name + " cannot be read", unreadable);
        }
    }
}
