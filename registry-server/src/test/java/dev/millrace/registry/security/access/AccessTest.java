package dev.millrace.registry.security.access;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.millrace.registry.boot.RegistryServer;
import dev.millrace.registry.boot.TestServer;
import dev.millrace.registry.boot.TestServer.Answer;
import dev.millrace.registry.lake.tables.LakeFolder;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpRequest;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Base64;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A server with {@code --auth}: who is let in, to what, and what is written down about it. */
class AccessTest {
    @TempDir
    static Path home;

    private static TestServer nobody;
    private static TestServer admin;

    @BeforeAll
    static void start() throws IOException {
        nobody = TestServer.start(home, "--auth");
        admin = nobody.as(Files.readString(home.resolve("registry/admin-token")).strip());
    }

    @AfterAll
    static void stop() {
        nobody.close();
    }

    private static void grant(String user, String... grants) {
        String list = Stream.of(grants)
                .map(grant -> "{'role': '" + grant.split("=", 2)[0] + "', 'scope': '" + grant.split("=", 2)[1] + "'}")
                .collect(Collectors.joining(","));
        Answer made = admin.send("PUT", "/api/v1/users/" + user, ("{'grants': [" + list + "]}").replace('\'', '"'));
        assertThat(made.status()).as(made.body()).isEqualTo(200);
    }

    private static String secret(String user) {
        return admin.send("POST", "/api/v1/tokens", "{\"user\": \"" + user + "\"}")
                .json()
                .path("secret")
                .asText();
    }

    private static TestServer user(String name, String... grants) {
        grant(name, grants);
        return nobody.as(secret(name));
    }

    private static List<String> names(Answer answer, String list) {
        return StreamSupport.stream(answer.json().path(list).spliterator(), false)
                .map(item -> item.path("name").asText())
                .toList();
    }

    @Test
    void everyRouteHasOneRule() {
        assertThat(nobody.routeTable()).hasSizeGreaterThan(150).allSatisfy(route -> assertThat(route.roles())
                .as(route.verb() + " " + route.path())
                .filteredOn(Rule.class::isInstance)
                .hasSize(1));
    }

    @Test
    void withoutATokenNoRouteAnswersButThoseThatAreOpen() {
        for (RegistryServer.Route route : nobody.routeTable()) {
            if (Rule.among(route.roles()).orElseThrow().open()) continue;

            String path = route.path().replaceAll("[{<][a-z_]+[}>]", "x");
            Answer refused = nobody.send(route.verb(), path, route.verb().equals("GET") ? "" : "{}");

            assertThat(refused.status()).as(route.toString()).isEqualTo(401);
            assertThat(refused.body()).as(route.toString()).contains("MLFLOW_TRACKING_TOKEN");
        }
        assertThat(nobody.getPath("/").status()).isEqualTo(200);
        assertThat(nobody.getPath("/health").status()).isEqualTo(200);
    }

    /** Javalin answers HEAD by itself where there is a GET: whether there is a route, and so a role, is not for everybody. */
    @Test
    void headObeysTheRuleOfGet() {
        admin.post("registered-models/create", "{'name': 'headed'}");
        TestServer other = user("header", "viewer=model:other");
        String drift = "/api/v1/drift/headed";
        String versions = "/api/2.0/mlflow/registered-models/get?name=headed";

        for (String path : List.of(drift, versions)) {
            assertThat(nobody.send("HEAD", path, "").status()).as(path).isEqualTo(401);
            assertThat(other.send("HEAD", path, "").status()).as(path).isEqualTo(403);
            assertThat(admin.send("HEAD", path, "").status()).as(path).isEqualTo(200);
        }
        assertThat(nobody.send("HEAD", "/health", "").status()).isEqualTo(200);
    }

    @Test
    void tablesLineageAndFeaturesTakeARoleOnTheWholeRegistry() {
        LakeFolder.in(home.resolve("lake"));
        TestServer reader = user("reader", "viewer=*");
        TestServer scoped = user("scoped", "admin=experiment:*", "admin=model:*");

        for (String path : List.of(
                "tables",
                "tables/raw.events",
                "tables/raw.events/history",
                "tables/raw.events/rows",
                "features",
                "lineage?ref=raw.events")) {
            assertThat(reader.getPath("/api/v1/" + path).status()).as(path).isEqualTo(200);
            assertThat(scoped.getPath("/api/v1/" + path).status()).as(path).isEqualTo(403);
        }
    }

    @Test
    void tokensAreTakenAsMlflowsClientsSendThem() {
        grant("ada", "viewer=*");
        String secret = secret("ada");

        assertThat(asked("Bearer " + secret)).isEqualTo(200);
        assertThat(asked(basic("ada", secret))).isEqualTo(200);
        assertThat(asked(basic("bob", secret))).isEqualTo(401);
        assertThat(asked(basic("ada", "password1234"))).isEqualTo(401);
        assertThat(asked(basic("ada", ""))).isEqualTo(401);
        assertThat(asked("Bearer ")).isEqualTo(401);
        assertThat(asked("Basic !!!")).isEqualTo(401);
        Answer challenged = nobody.get("experiments/get?experiment_id=0");
        assertThat(challenged.response().headers().firstValue("WWW-Authenticate"))
                .contains("Basic realm=\"mlflow\"");
        assertThat(challenged.errorCode()).isEqualTo("UNAUTHENTICATED");
    }

    private static int asked(String authorization) {
        return nobody.send(HttpRequest.newBuilder(
                                URI.create(nobody.url() + "/api/2.0/mlflow/experiments/get?experiment_id=0"))
                        .header("Authorization", authorization))
                .status();
    }

    private static String basic(String name, String password) {
        return "Basic " + Base64.getEncoder().encodeToString((name + ":" + password).getBytes(StandardCharsets.UTF_8));
    }

    @ParameterizedTest
    @CsvSource({
        "viewer,   200, 403, 403, 403", //
        "editor,   200, 200, 403, 403",
        "approver, 200, 200, 200, 403",
        "admin,    200, 200, 200, 200"
    })
    void aRoleMayWhatItMay(String role, int read, int write, int alias, int delete) {
        String model = "of-" + role;
        admin.post("registered-models/create", "{'name': '" + model + "'}");
        admin.post("model-versions/create", "{'name': '" + model + "', 'source': 's3://bucket/model'}");
        TestServer user = user("user-" + role, role + "=*");

        assertThat(user.get("registered-models/get?name=" + model).status()).isEqualTo(read);
        assertThat(user.post("registered-models/set-tag", "{'name': '" + model + "', 'key': 'k', 'value': 'v'}")
                        .status())
                .isEqualTo(write);
        Answer moved =
                user.post("registered-models/alias", "{'name': '" + model + "', 'alias': 'champion', 'version': '1'}");
        assertThat(moved.status()).isEqualTo(alias);
        if (alias == 403) {
            assertThat(moved.errorCode()).isEqualTo("PERMISSION_DENIED");
            assertThat(moved.message()).contains("user-" + role).contains("approver of the model `" + model + "`");
        }
        assertThat(user.send("DELETE", "/api/2.0/mlflow/registered-models/delete", "{\"name\": \"" + model + "\"}")
                        .status())
                .isEqualTo(delete);
        assertThat(user.getPath("/api/v1/audit").status()).isEqualTo(role.equals("admin") ? 200 : 403);
        admin.send("DELETE", "/api/v1/users/user-" + role, "");
    }

    @Test
    void aTeamSeesAndTouchesItsOwnOnly() {
        String foreign = admin.experiment("secret plans");
        String foreignRun = admin.run(foreign);
        admin.post("registered-models/create", "{'name': 'theirs'}");
        admin.post(
                "model-versions/create",
                "{'name': 'theirs', 'source': 'runs:/" + foreignRun + "/model', 'run_id': '" + foreignRun + "'}");
        TestServer team = user("team", "editor=experiment:team-*", "editor=model:team-*");

        String own = team.experiment("team-one");
        String run = team.run(own);
        assertThat(run).hasSize(32);
        assertThat(team.post("runs/log-metric", "{'run_id': '" + run + "', 'key': 'm', 'value': 1, 'timestamp': 1}")
                        .status())
                .isEqualTo(200);
        assertThat(names(team.get("experiments/search?max_results=100"), "experiments"))
                .containsExactly("team-one");
        assertThat(names(team.get("experiments/search?max_results=5000"), "experiments"))
                .containsExactly("team-one");
        assertThat(names(team.get("registered-models/search"), "registered_models"))
                .isEmpty();
        assertThat(names(admin.get("experiments/search?max_results=100"), "experiments"))
                .contains("team-one", "secret plans", "Default");
        List<Answer> tries = List.of(
                team.post("experiments/create", "{'name': 'other'}"),
                team.post("experiments/update", "{'experiment_id': '" + own + "', 'new_name': 'other'}"),
                team.post("runs/create", "{}"),
                team.post("runs/create", "{'experiment_id': '" + foreign + "'}"),
                team.get("runs/get?run_id=" + foreignRun),
                team.get("runs/get?run_id=" + run + "&run_uuid=" + foreignRun),
                team.post("runs/search", "{'experiment_ids': ['" + own + "', '" + foreign + "']}"),
                team.get("metrics/get-history-bulk?run_id=" + run + "&run_id=" + foreignRun + "&metric_key=m"),
                team.get("artifacts/list?run_id=" + foreignRun),
                team.getPath("/get-artifact?run_id=" + foreignRun + "&path=model/MLmodel"),
                team.getPath("/model-versions/get-artifact?name=theirs&version=1&path=MLmodel"),
                team.getPath("/api/2.0/mlflow-artifacts/artifacts/" + foreign + "/" + foreignRun + "/artifacts/x"),
                team.getPath("/api/2.0/mlflow-artifacts/artifacts?path=" + foreign),
                team.getPath("/api/2.0/mlflow-artifacts/artifacts"),
                team.send("PUT", "/ajax-api/2.0/mlflow-artifacts/artifacts/" + foreign + "/x", "text"),
                team.send("DELETE", "/api/2.0/mlflow-artifacts/artifacts/" + foreign + "/x", ""),
                team.send("POST", "/api/2.0/mlflow-artifacts/mpu/create/" + foreign + "/x", "{}"),
                team.send("POST", "/ajax-api/2.0/mlflow-artifacts/mpu/complete/" + foreign + "/x", "{}"),
                team.send(
                        "POST",
                        "/api/2.0/mlflow-artifacts/mpu/abort/" + foreign + "/x",
                        "{\"path\": \"" + own + "/x\"}"),
                team.post("model-versions/create", "{'name': 'theirs', 'source': 's3://b/m'}"),
                team.getPath("/api/v1/drift/theirs"),
                team.getPath("/api/v1/users"),
                team.getPath("/api/v1/tokens?all=true"),
                team.send("POST", "/api/v1/tokens", "{\"user\": \"admin\"}"),
                team.send("PUT", "/api/v1/users/team", "{\"grants\": [{\"role\": \"admin\", \"scope\": \"*\"}]}"));
        for (int i = 0; i < tries.size(); i++) {
            assertThat(tries.get(i).status())
                    .as("try " + i + ": " + tries.get(i).body())
                    .isEqualTo(403);
        }
    }

    /** CVE-2026-2651: parts of an upload were taken from anybody, for any path. */
    @Test
    void anUploadInPartsIsItsMakersWhileTheyMayWrite() {
        String experiment = admin.experiment("parts");
        String folder = experiment + "/files";
        TestServer maker = user("maker", "editor=experiment:parts");
        TestServer other = user("other", "editor=experiment:parts");
        JsonNode begun = maker.send(
                        "POST", "/api/2.0/mlflow-artifacts/mpu/create/" + folder, "{\"path\": \"f\", \"num_parts\": 1}")
                .json();
        String id = begun.path("upload_id").asText();
        String part = URI.create(begun.at("/credentials/0/url").asText()).getPath();
        Answer sent = nobody.send("PUT", part, "content");
        assertThat(sent.status()).as("clients send parts without a token").isEqualTo(200);
        String etag = sent.response().headers().firstValue("ETag").orElseThrow();
        String complete = "{\"path\": \"f\", \"upload_id\": \"" + id + "\", \"parts\": [{\"part_number\": 1, \"etag\": "
                + TestServer.JSON.getNodeFactory().textNode(etag) + "}]}";
        String at = "/api/2.0/mlflow-artifacts/mpu/complete/" + folder;

        assertThat(nobody.send("POST", at, complete).status()).isEqualTo(401);
        assertThat(other.send("POST", at, complete).status()).isEqualTo(404);
        assertThat(nobody.send("PUT", part.replace(id, "0".repeat(32)), "x").status())
                .isEqualTo(404);
        grant("maker", "viewer=experiment:parts");
        assertThat(maker.send("POST", at, complete).status()).isEqualTo(403);
        grant("maker", "editor=experiment:parts");
        assertThat(maker.send("POST", at, complete).status()).isEqualTo(200);

        assertThat(maker.getPath("/api/2.0/mlflow-artifacts/artifacts/" + folder + "/f")
                        .body())
                .isEqualTo("content");
        assertThat(nobody.send("PUT", part, "after").status()).isEqualTo(404);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "'source': 'runs:/RUN/model', 'run_id': 'RUN'",
                "'source': 'mlflow-artifacts:/EXPERIMENT/RUN/artifacts/model'",
                "'source': 'models:/hidden/1'",
                "'source': 's3://b/m', 'run_id': 'RUN'"
            })
    void nobodyRegistersWhatTheyMayNotSee(String source) {
        String experiment = admin.experiment("hidden " + source.hashCode());
        String run = admin.run(experiment);
        admin.post("registered-models/create", "{'name': 'hidden'}");
        admin.post("model-versions/create", "{'name': 'hidden', 'source': 's3://b/m'}");
        TestServer team = user("thief", "editor=model:loot");
        team.post("registered-models/create", "{'name': 'loot'}");

        Answer refused = team.post(
                "model-versions/create",
                "{'name': 'loot', " + source.replace("RUN", run).replace("EXPERIMENT", experiment) + "}");

        assertThat(refused.status()).as(refused.body()).isEqualTo(403);
    }

    @Test
    void datasetsAreSearchedWhereOneMaySee() {
        String own = admin.experiment("data-one");
        String foreign = admin.experiment("other data");
        for (String experiment : List.of(own, foreign)) {
            admin.post(
                    "runs/log-inputs",
                    "{'run_id': '" + admin.run(experiment) + "', 'datasets': [{'dataset': {'name': 'of " + experiment
                            + "', 'digest': '1', 'source_type': 's', 'source': '{}'}}]}");
        }
        TestServer reader = user("reader", "viewer=experiment:data-*");

        Answer found = reader.post("experiments/search-datasets", "{'experiment_ids': ['" + own + "']}");
        Answer refused =
                reader.post("experiments/search-datasets", "{'experiment_ids': ['" + own + "', '" + foreign + "']}");

        assertThat(names(found, "dataset_summaries")).containsExactly("of " + own);
        assertThat(refused.status()).isEqualTo(403);
        assertThat(refused.body()).doesNotContain("of " + own);
    }

    @Test
    void webhooksAreAnAdministratorsAndTheirSecretNobodys() {
        TestServer approver = user("approver-of-all", "approver=*");
        String body = "{'name': 'w', 'url': 'https://93.184.216.34/x', 'secret': 's3cret', 'events':"
                + " [{'entity': 'REGISTERED_MODEL', 'action': 'CREATED'}]}";

        Answer made = admin.post("webhooks", body);
        String id = made.json().at("/webhook/webhook_id").asText();

        assertThat(made.status()).as(made.body()).isEqualTo(200);
        assertThat(admin.get("webhooks").body()).contains(id).doesNotContain("s3cret");
        for (Answer tried : List.of(
                approver.post("webhooks", body),
                approver.get("webhooks"),
                approver.get("webhooks/" + id),
                approver.send("PATCH", "/api/2.0/mlflow/webhooks/" + id, "{\"name\": \"x\"}"),
                approver.post("webhooks/" + id + "/test", "{}"),
                approver.send("DELETE", "/ajax-api/2.0/mlflow/webhooks/" + id, "{}"))) {
            assertThat(tried.status()).as(tried.body()).isEqualTo(403);
        }
        assertThat(admin.send("DELETE", "/api/2.0/mlflow/webhooks/" + id, "{}").status())
                .isEqualTo(200);
        assertThat(admin.getPath("/api/v1/audit?max_results=1000").body())
                .contains("POST webhooks")
                .doesNotContain("s3cret");
    }

    @Test
    void aRevokedTokenAndADeletedUserAreRefusedAtOnce() {
        TestServer first = user("eve", "viewer=*");
        assertThat(first.get("experiments/get?experiment_id=0").status()).isEqualTo(200);
        String id = first.getPath("/api/v1/tokens").json().at("/tokens/0/id").asText();

        assertThat(first.send("DELETE", "/api/v1/tokens/" + id, "").status()).isEqualTo(200);
        assertThat(first.get("experiments/get?experiment_id=0").status()).isEqualTo(401);

        TestServer second = user("eve", "viewer=*");
        assertThat(second.get("experiments/get?experiment_id=0").status()).isEqualTo(200);
        admin.send("DELETE", "/api/v1/users/eve", "");
        assertThat(second.get("experiments/get?experiment_id=0").status()).isEqualTo(401);
    }

    @Test
    void grantsChangeAtOnceAndNobodyRevokesAnothersToken() {
        TestServer user = user("fay", "editor=*");
        assertThat(user.post("registered-models/create", "{'name': 'fays'}").status())
                .isEqualTo(200);

        grant("fay", "viewer=*");

        assertThat(user.post("registered-models/create", "{'name': 'more'}").status())
                .isEqualTo(403);
        assertThat(user.send("DELETE", "/api/v1/tokens/1", "").status()).isEqualTo(404);
        assertThat(admin.getPath("/api/v1/me").status()).isEqualTo(200);
    }

    @Test
    void theLastAdministratorStays() {
        Answer deleted = admin.send("DELETE", "/api/v1/users/admin", "");
        Answer demoted = admin.send("PUT", "/api/v1/users/admin", "{\"grants\": []}");

        assertThat(deleted.status()).isEqualTo(409);
        assertThat(demoted.status()).isEqualTo(409);
        assertThat(deleted.json().path("detail").asText()).contains("Give it to somebody else first");
        assertThat(admin.getPath("/api/v1/users").status()).isEqualTo(200);
    }

    @Test
    void aBrowserSignsInByACookieThatScriptsCannotRead() {
        String secret = secret("admin");
        Answer in = nobody.send("POST", "/api/v1/session", "{\"token\": \"" + secret + "\"}");
        String cookie = in.response().headers().firstValue("Set-Cookie").orElseThrow();

        assertThat(cookie).contains("HttpOnly").contains("SameSite=Strict").doesNotContain(secret);
        String pair = cookie.substring(0, cookie.indexOf(';'));
        assertThat(withCookie("GET", "/api/v1/me", pair).json().path("user").asText())
                .isEqualTo("admin");
        assertThat(withCookie("DELETE", "/api/v1/session", pair).status()).isEqualTo(200);
        assertThat(withCookie("GET", "/api/v1/me", pair).status()).isEqualTo(401);
        assertThat(nobody.send("POST", "/api/v1/session", "{\"token\": \"mr_0\"}")
                        .status())
                .isEqualTo(401);
    }

    private static Answer withCookie(String verb, String path, String cookie) {
        return nobody.send(HttpRequest.newBuilder(URI.create(nobody.url() + path))
                .header("Cookie", cookie)
                .method(verb, HttpRequest.BodyPublishers.noBody()));
    }

    @Test
    void everyChangeIsWrittenDownWithWhoTriedIt() {
        admin.post("registered-models/create", "{'name': 'audited'}");
        admin.post("model-versions/create", "{'name': 'audited', 'source': 's3://b/m'}");
        TestServer gus = user("gus", "viewer=*");
        gus.post("registered-models/alias", "{'name': 'audited', 'alias': 'champion', 'version': '1'}");
        admin.post("registered-models/alias", "{'name': 'audited', 'alias': 'champion', 'version': '1'}");

        JsonNode entries = admin.getPath("/api/v1/audit?target=model:audited&max_results=2")
                .json();

        JsonNode moved = entries.at("/entries/0");
        JsonNode refused = entries.at("/entries/1");
        assertThat(moved.path("user").asText()).isEqualTo("admin");
        assertThat(moved.path("action").asText()).isEqualTo("POST registered-models/alias");
        assertThat(moved.path("detail").asText()).contains("\"alias\":\"champion\"");
        assertThat(moved.path("status").asInt()).isEqualTo(200);
        assertThat(refused.path("user").asText()).isEqualTo("gus");
        assertThat(refused.path("status").asInt()).isEqualTo(403);
        assertThat(entries.path("next_page_token").asText()).isNotEmpty();
        assertThat(admin.getPath("/api/v1/audit?user=gus").json().path("entries"))
                .hasSize(1);
    }

    @Test
    void noSecretLiesOnTheDisk() throws IOException {
        String secret = secret("admin");
        Path first = home.resolve("registry/admin-token");

        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(first)))
                .isEqualTo("rw-------");
        for (String file : List.of("registry.db", "registry.db-wal")) {
            Path path = home.resolve("registry").resolve(file);
            if (!Files.exists(path)) continue;
            assertThat(new String(Files.readAllBytes(path), StandardCharsets.ISO_8859_1))
                    .doesNotContain(secret)
                    .doesNotContain(Files.readString(first).strip());
        }
    }
}
