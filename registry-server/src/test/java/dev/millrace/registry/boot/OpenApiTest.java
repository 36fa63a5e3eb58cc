package dev.millrace.registry.boot;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.millrace.registry.lake.tables.LakeFolder;
import java.nio.file.Path;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code /openapi.json} describes the routes there are, no more and no less. */
class OpenApiTest {
    private static final Pattern PARAMETER = Pattern.compile("\\{([a-z_]+)}");

    private static final Pattern PAGES = Pattern.compile("^GET /(static|webjars|favicon)");

    @TempDir
    static Path home;

    private static TestServer server;
    private static JsonNode document;

    @BeforeAll
    static void start() {
        LakeFolder.in(home.resolve("lake"));
        server = TestServer.start(home);
        document = server.getPath("/openapi.json").json();
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    @Test
    void everyRouteIsDescribedAndNothingElse() {
        Set<String> registered = new TreeSet<>(server.routes());
        Set<String> routes = new TreeSet<>();
        for (String route : registered) {
            if (route.endsWith(" /") || PAGES.matcher(route).find()) continue;
            boolean isTwin = registered.contains(route.replace(" /ajax-api/", " /api/"));
            if (!route.contains(" /ajax-api/") || !isTwin) routes.add(route.replace("<path>", "{path}"));
        }
        Set<String> described = new TreeSet<>();
        document.path("paths").properties().forEach(path -> path.getValue()
                .fieldNames()
                .forEachRemaining(
                        verb -> described.add(verb.toUpperCase(java.util.Locale.ROOT) + " " + path.getKey())));

        assertThat(document.path("openapi").asText()).isEqualTo("3.1.0");
        assertThat(described).isEqualTo(routes).hasSizeGreaterThan(90);
    }

    @Test
    void pathParametersAreThoseOfThePath() {
        document.path("paths")
                .properties()
                .forEach(path -> path.getValue().properties().forEach(operation -> {
                    Set<String> wanted = new TreeSet<>();
                    Matcher names = PARAMETER.matcher(path.getKey());
                    while (names.find()) wanted.add(names.group(1));
                    Set<String> described = new TreeSet<>();
                    operation.getValue().path("parameters").forEach(parameter -> {
                        if (parameter.path("in").asText().equals("path"))
                            described.add(parameter.path("name").asText());
                    });
                    assertThat(described)
                            .as(operation.getKey() + " " + path.getKey())
                            .isEqualTo(wanted);
                }));
    }

    @Test
    void everyReferenceLeadsSomewhereAndOperationsHaveNamesOfTheirOwn() {
        for (JsonNode reference : document.findValues("$ref")) {
            assertThat(document.at(reference.asText().substring(1)).isObject())
                    .as(reference.asText())
                    .isTrue();
        }
        assertThat(document.findValuesAsText("operationId")).doesNotHaveDuplicates();
    }

    /** What is required is there, and what is there is described: for every answer that needs no story before. */
    @Test
    void answersHaveTheFieldsThatAreDescribed() {
        server.send("POST", "/api/v1/comments", "{\"target\": \"model:m\", \"text\": \"x\"}");
        server.send("PUT", "/api/v1/users/ada", "{\"grants\": [{\"role\": \"viewer\", \"scope\": \"*\"}]}");
        server.send("POST", "/api/v1/tokens", "{\"user\": \"ada\"}");
        for (String path : new String[] {
            "/api/v1/version",
            "/api/v1/me",
            "/api/v1/users",
            "/api/v1/tokens?all=true",
            "/api/v1/audit",
            "/api/v1/comments?target=model:m",
            "/api/v1/drift",
            "/api/v1/tables",
            "/api/v1/tables/raw.events?version=2",
            "/api/v1/tables/raw.events/history?max_results=4",
            "/api/v1/tables/raw.types/rows",
            "/api/v1/features",
            "/api/v1/lineage?ref=features.daily"
        }) {
            JsonNode schema = document.path("paths")
                    .path(path.replaceFirst("[?].*", "").replaceFirst("/raw\\.\\w+", "/{table}"))
                    .at("/get/responses/200/content/application~1json/schema");
            assertDescribed(path, server.getPath(path).json(), schema);
        }
    }

    private static void assertDescribed(String at, JsonNode value, JsonNode given) {
        JsonNode schema =
                given.has("$ref") ? document.at(given.path("$ref").asText().substring(1)) : given;
        if (value.isArray() && !(schema.isObject() && schema.isEmpty())) {
            assertThat(schema.path("type").asText()).as(at).isEqualTo("array");
            for (JsonNode item : value) assertDescribed(at + "[]", item, schema.path("items"));
        }
        boolean anything = schema.isObject() && schema.isEmpty();
        if (!value.isObject() || anything || schema.has("additionalProperties")) return;
        schema.path("required").forEach(name -> assertThat(value.has(name.asText()))
                .as(at + "." + name.asText())
                .isTrue());
        value.properties().forEach(field -> {
            JsonNode described = schema.path("properties").path(field.getKey());
            assertThat(described.isObject()).as(at + "." + field.getKey()).isTrue();
            assertDescribed(at + "." + field.getKey(), field.getValue(), described);
        });
    }
}
