package dev.millrace.registry.security.audit;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.millrace.registry.boot.TestServer;
import dev.millrace.registry.boot.TestServer.Answer;
import dev.millrace.registry.security.access.Rule;
import java.net.URI;
import java.net.http.HttpRequest;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Each audited route, once with success and once refused: one entry each, and what it says. */
class AuditedRoutesTest {
    @TempDir
    static Path home;

    private static TestServer server;
    private static int requests;

    @BeforeAll
    static void start() {
        server = TestServer.start(home, "--webhook-host", "127.0.0.1");
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    /** A request that succeeds; its JSON has {@code '} for quotes. */
    private record Call(String path, String body) {}

    private static Call mlflow(String path, String body) {
        return new Call("/api/2.0/mlflow/" + path, body);
    }

    /** How each audited route, as the list of routes names it, is called with success. */
    private static Map<String, Supplier<Call>> calls() {
        Map<String, Supplier<Call>> calls = new LinkedHashMap<>();
        calls.put("POST /api/2.0/mlflow/experiments/create", () -> mlflow("experiments/create", "{'name': 'made'}"));
        calls.put("POST /api/2.0/mlflow/experiments/update", () -> {
            String id = server.experiment("old name");
            return mlflow("experiments/update", "{'experiment_id': '" + id + "', 'new_name': 'new name'}");
        });
        calls.put("POST /api/2.0/mlflow/experiments/delete", () -> {
            String id = server.experiment("deleted");
            return mlflow("experiments/delete", "{'experiment_id': '" + id + "'}");
        });
        calls.put("POST /api/2.0/mlflow/experiments/restore", () -> {
            String id = server.experiment("restored");
            server.post("experiments/delete", "{'experiment_id': '" + id + "'}");
            return mlflow("experiments/restore", "{'experiment_id': '" + id + "'}");
        });
        String tag = "'key': 'k', 'value': 'v'";
        calls.put(
                "POST /api/2.0/mlflow/experiments/set-experiment-tag",
                () -> mlflow("experiments/set-experiment-tag", "{'experiment_id': '0', " + tag + "}"));
        calls.put("POST /api/2.0/mlflow/experiments/delete-experiment-tag", () -> {
            server.post("experiments/set-experiment-tag", "{'experiment_id': '0', " + tag + "}");
            return mlflow("experiments/delete-experiment-tag", "{'experiment_id': '0', 'key': 'k'}");
        });
        for (String call : List.of("delete", "restore")) {
            calls.put(
                    "POST /api/2.0/mlflow/runs/" + call,
                    () -> mlflow("runs/" + call, "{'run_id': '" + server.run("0") + "'}"));
        }
        calls.put("DELETE /api/2.0/mlflow/logged-models/{model_id}", () -> {
            JsonNode made =
                    server.post("logged-models", "{'experiment_id': '0'}").json();
            return mlflow("logged-models/" + made.at("/model/info/model_id").asText(), "{}");
        });
        models(calls);
        ours(calls);
        return calls;
    }

    private static void models(Map<String, Supplier<Call>> calls) {
        String of = "{'name': 'm', ";
        String version = of + "'version': '1'";
        String tag = "'key': 'k', 'value': 'v'}";
        server.post("registered-models/create", "{'name': 'm'}");
        server.post("model-versions/create", "{'name': 'm', 'source': 's3://b/m'}");
        server.post("model-versions/create", "{'name': 'm', 'source': 's3://b/m'}");
        for (String[] call : new String[][] {
            {"POST", "registered-models/create", "{'name': 'fresh'}"},
            {"PATCH", "registered-models/update", of + "'description': 'd'}"},
            {"POST", "registered-models/set-tag", of + tag},
            {"DELETE", "registered-models/delete-tag", of + "'key': 'k'}"},
            {"POST", "registered-models/alias", version + ", 'alias': 'a'}"},
            {"DELETE", "registered-models/alias", of + "'alias': 'a'}"},
            {"POST", "model-versions/create", of + "'source': 's3://b/m'}"},
            {"PATCH", "model-versions/update", version + ", 'description': 'd'}"},
            {"POST", "model-versions/set-tag", version + ", " + tag},
            {"DELETE", "model-versions/delete-tag", version + ", 'key': 'k'}"},
            {"POST", "model-versions/transition-stage", version + ", 'stage': 'Staging'}"}
        }) {
            calls.put(call[0] + " /api/2.0/mlflow/" + call[1], () -> mlflow(call[1], call[2]));
        }
        calls.put("DELETE /api/2.0/mlflow/model-versions/delete", () -> {
            server.post("registered-models/create", "{'name': 'v'}");
            server.post("model-versions/create", "{'name': 'v', 'source': 's3://b/m'}");
            return mlflow("model-versions/delete", "{'name': 'v', 'version': '1'}");
        });
        calls.put("POST /api/2.0/mlflow/registered-models/rename", () -> {
            server.post("registered-models/create", "{'name': 'before'}");
            return mlflow("registered-models/rename", "{'name': 'before', 'new_name': 'after'}");
        });
        calls.put("DELETE /api/2.0/mlflow/registered-models/delete", () -> {
            server.post("registered-models/create", "{'name': 'gone'}");
            return mlflow("registered-models/delete", "{'name': 'gone'}");
        });
    }

    private static void ours(Map<String, Supplier<Call>> calls) {
        String webhook = "/api/2.0/mlflow/webhooks/{webhook_id}";
        calls.put("POST /api/2.0/mlflow/webhooks", () -> mlflow("webhooks", hook("https://93.184.216.34/x")));
        calls.put(
                "PATCH " + webhook,
                () -> mlflow("webhooks/" + webhook("https://93.184.216.34/x"), "{'name': 'other'}"));
        calls.put("DELETE " + webhook, () -> mlflow("webhooks/" + webhook("https://93.184.216.34/x"), "{}"));
        calls.put(
                "POST " + webhook + "/test",
                () -> mlflow("webhooks/" + webhook("http://127.0.0.1:9/x") + "/test", "{}"));
        calls.put("PUT /api/v1/users/{name}", () -> new Call("/api/v1/users/ada", user()));
        calls.put("DELETE /api/v1/users/{name}", () -> {
            server.send("PUT", "/api/v1/users/root", admin());
            server.send("PUT", "/api/v1/users/bob", user().replace('\'', '"'));
            return new Call("/api/v1/users/bob", "");
        });
        calls.put("POST /api/v1/tokens", () -> {
            server.send("PUT", "/api/v1/users/eve", user().replace('\'', '"'));
            return new Call("/api/v1/tokens", "{'user': 'eve', 'name': 'laptop'}");
        });
        calls.put("DELETE /api/v1/tokens/{id}", () -> {
            server.send("PUT", "/api/v1/users/eve", user().replace('\'', '"'));
            JsonNode made =
                    server.send("POST", "/api/v1/tokens", "{\"user\": \"eve\"}").json();
            return new Call("/api/v1/tokens/" + made.at("/token/id").asText(), "");
        });
        String comments = "/api/v1/comments";
        calls.put("POST " + comments, () -> new Call(comments, "{'target': 'model:m', 'text': 'x'}"));
        calls.put("PATCH " + comments + "/{id}", () -> new Call(comments + "/" + comment(), "{'text': 'y'}"));
        calls.put("DELETE " + comments + "/{id}", () -> new Call(comments + "/" + comment(), ""));
        calls.put(
                "PUT /api/v1/drift/{model}/{version}/{window_start}",
                () -> new Call("/api/v1/drift/m/1/0", "{'run_id': 'r', 'granularity': 'day', 'rows': []}"));
        calls.put("DELETE /api/2.0/mlflow-artifacts/artifacts/<path>", () -> {
            String path = "/api/2.0/mlflow-artifacts/artifacts/0/some/file";
            server.send("PUT", path, "content");
            return new Call(path, "");
        });
    }

    private static String user() {
        return "{'grants': [{'role': 'viewer', 'scope': 'model:m'}]}";
    }

    private static String admin() {
        return "{\"grants\": [{\"role\": \"admin\", \"scope\": \"*\"}]}";
    }

    private static String hook(String url) {
        return "{'name': 'w" + requests++ + "', 'url': '" + url + "', 'secret': 's3cret', 'events':"
                + " [{'entity': 'REGISTERED_MODEL', 'action': 'CREATED'}]}";
    }

    private static String webhook(String url) {
        Answer made = server.post("webhooks", hook(url));
        return made.json().at("/webhook/webhook_id").asText();
    }

    private static String comment() {
        return server.send("POST", "/api/v1/comments", "{\"target\": \"model:m\", \"text\": \"x\"}")
                .json()
                .path("id")
                .asText();
    }

    @Test
    void everyAuditedRouteLeavesOneEntryInItsChangesTransaction() {
        server.send("PUT", "/api/v1/users/root", admin());
        Map<String, Supplier<Call>> calls = calls();
        TreeSet<String> audited = new TreeSet<>();
        server.routeTable().stream()
                .filter(route -> route.roles().stream().anyMatch(role -> role instanceof Rule rule && rule.audited()))
                .forEach(route -> audited.add(route.verb() + " " + route.path().replaceFirst("^/ajax-api/", "/api/")));
        assertThat(calls.keySet())
                .as("how to call each audited route is written down here")
                .containsExactlyInAnyOrderElementsOf(audited);

        calls.forEach((route, call) -> {
            Call made = call.get();
            String verb = route.replaceFirst(" .*", "");
            Answer done = request("done-" + ++requests, verb, made);
            assertThat(done.status()).as(route + ": " + done.body()).isEqualTo(200);
            assertThat(entries("done-" + requests)).as(route).hasSize(1).allSatisfy(entry -> {
                assertThat(entry.path("status").asInt()).isEqualTo(200);
                assertThat(entry.path("action").asText()).startsWith(verb + " ");
                assertThat(entry.path("detail").asText()).doesNotContain("s3cret");
            });
        });
    }

    @Test
    void whatIsRefusedLeavesOneEntryWithItsStatus() {
        Answer refused = request(
                "refused", "POST", mlflow("registered-models/alias", "{'name': 'none', 'alias': 'a', 'version': '1'}"));

        assertThat(refused.status()).isEqualTo(404);
        assertThat(entries("refused")).hasSize(1).allSatisfy(entry -> {
            assertThat(entry.path("status").asInt()).isEqualTo(404);
            assertThat(entry.path("target").asText()).isEqualTo("model:none");
        });
    }

    @Test
    void anEntrySaysWhatWasThereBefore() throws Exception {
        server.post("registered-models/create", "{'name': 'told'}");
        server.post("model-versions/create", "{'name': 'told', 'source': 's3://b/m'}");
        server.post("model-versions/create", "{'name': 'told', 'source': 's3://b/m'}");
        String alias = "{'name': 'told', 'alias': 'champion', 'version': 'V'}";
        request("first", "POST", mlflow("registered-models/alias", alias.replace("V", "1")));
        request("second", "POST", mlflow("registered-models/alias", alias.replace("V", "2")));
        request("third", "DELETE", mlflow("registered-models/alias", "{'name': 'told', 'alias': 'champion'}"));
        String id = server.experiment("told before");
        request(
                "fourth",
                "POST",
                mlflow("experiments/update", "{'experiment_id': '" + id + "', 'new_name': 'told after'}"));

        assertThat(detail("first").path("old_version").asText()).isEqualTo("none");
        assertThat(detail("second").path("old_version").asText()).isEqualTo("1");
        assertThat(detail("second").path("new_version").asText()).isEqualTo("2");
        assertThat(detail("third").path("old_version").asText()).isEqualTo("2");
        assertThat(detail("fourth").path("old_name").asText()).isEqualTo("told before");
        assertThat(detail("fourth").path("new_name").asText()).isEqualTo("told after");
        assertThat(entries("fourth").get(0).path("target").asText()).isEqualTo("experiment:told before");
    }

    private static Answer request(String id, String verb, Call call) {
        return server.send(HttpRequest.newBuilder(URI.create(server.url() + call.path()))
                .header("Content-Type", "application/json")
                .header("X-Request-Id", id)
                .method(verb, HttpRequest.BodyPublishers.ofString(call.body().replace('\'', '"'))));
    }

    private static JsonNode detail(String requestId) throws Exception {
        return TestServer.JSON.readTree(entries(requestId).get(0).path("detail").asText());
    }

    private static List<JsonNode> entries(String requestId) {
        List<JsonNode> found = new ArrayList<>();
        for (JsonNode entry :
                server.getPath("/api/v1/audit?max_results=1000").json().path("entries")) {
            if (entry.path("request_id").asText().equals(requestId)) found.add(entry);
        }
        return found;
    }
}
