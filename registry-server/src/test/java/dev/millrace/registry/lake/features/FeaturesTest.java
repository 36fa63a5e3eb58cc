package dev.millrace.registry.lake.features;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.millrace.registry.boot.TestServer;
import dev.millrace.registry.lake.tables.LakeFolder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FeaturesTest {
    @TempDir
    Path home;

    private Path lake;
    private TestServer server;

    @BeforeEach
    void start() {
        lake = LakeFolder.in(home.resolve("lake"));
        server = TestServer.start(home);
    }

    @AfterEach
    void stop() {
        server.close();
    }

    private JsonNode features(String query) {
        return server.getPath("/api/v1/features" + query).json().path("features");
    }

    private static List<String> names(JsonNode features) {
        List<String> names = new ArrayList<>();
        features.forEach(feature -> names.add(feature.path("name").asText()));
        return names;
    }

    /** A version whose model takes these columns, trained by a run that read {@code input}. */
    private void version(String model, String columns, String input) throws IOException {
        String run = server.run(server.experiment("of " + model));
        String artifacts = server.get("runs/get?run_id=" + run)
                .json()
                .at("/run/info/artifact_uri")
                .asText()
                .replace("mlflow-artifacts:/", "");
        String signature = "flavors: {}\nsignature:\n  inputs: '["
                + columns.replaceAll("\\w+", "{\"name\":\"$0\",\"type\":\"double\"}") + "]'\n  outputs: '[]'\n";
        server.send("PUT", "/api/2.0/mlflow-artifacts/artifacts/" + artifacts + "/model/MLmodel", signature);
        Path records = Files.createDirectories(lake.resolve("_runs"));
        Files.writeString(
                records.resolve(run + ".json"),
                ("{'run_id':'" + run + "','job':'train','inputs':['" + input + "'],'outputs':['model:" + model
                                + "/1'],'ended_at':1}")
                        .replace('\'', '"'));
        server.post("registered-models/create", "{'name': '" + model + "'}");
        server.post(
                "model-versions/create",
                "{'name': '%s', 'source': 'runs:/%s/model', 'run_id': '%s'}".formatted(model, run, run));
    }

    @Test
    void featuresSayWhatTheirColumnsSay() {
        JsonNode found = features("");

        assertThat(names(found)).containsExactly("amount_sum_7d", "amount_count_7d");
        JsonNode sum = found.path(0);
        assertThat(sum.path("table").asText()).isEqualTo("features.daily");
        assertThat(sum.path("description").asText()).isEqualTo("sum of amount over the 7 days before");
        assertThat(sum.path("owner").asText()).isEqualTo("risk");
        assertThat(sum.path("tags").toString()).isEqualTo("[\"money\"]");
        assertThat(sum.path("entity").toString()).isEqualTo("[\"customer_id\"]");
        assertThat(sum.path("time").asText()).isEqualTo("day");
        assertThat(sum.has("used_by")).isFalse();
        assertThat(found.path(1).has("owner")).isFalse();
    }

    @Test
    void theFormOfTheJobsDescriptionGivesAggregationAndWindow() throws IOException {
        Path log = LakeFolder.log(lake, "features.daily", 0);
        Files.writeString(
                log,
                Files.readString(log)
                        .replace(
                                "sum of amount over the 7 days before",
                                "what they spent: mean of amount where ok in the 7d before, known 1d later"));

        JsonNode sum = features("?search=spent").path(0);

        assertThat(sum.path("aggregation").asText()).isEqualTo("mean of amount where ok");
        assertThat(sum.path("window").asText()).isEqualTo("7d");
    }

    @Test
    void everyWordOfASearchMustOccur() {
        assertThat(names(features("?search=MONEY"))).containsExactly("amount_sum_7d");
        assertThat(names(features("?search=count%20features.daily"))).containsExactly("amount_count_7d");
        assertThat(names(features("?search=count%20money"))).isEmpty();
    }

    @Test
    void aVersionTakesAFeatureByNameFromATableBehindIt() throws IOException {
        version("fraud", "amount_sum_7d,amount", "features.daily@0");
        version("other", "amount_sum_7d", "raw.types@0");
        server.post("registered-models/alias", "{'name': 'fraud', 'alias': 'champion', 'version': '1'}");

        JsonNode found = features("");

        assertThat(found.path(0).path("used_by").toString())
                .isEqualTo("[{\"model\":\"fraud\",\"version\":1,\"aliases\":[\"champion\"]}]");
        assertThat(found.path(1).has("used_by")).isFalse();
    }

    @Test
    void theNewestWindowsVerdictIsShownForModelsThatTakeTheFeature() throws IOException {
        version("fraud", "amount_sum_7d", "features.daily@0");
        for (int window = 1; window <= 2; window++) {
            String row =
                    "{\"column_name\": \"amount_sum_7d\", \"drift_type\": \"BASELINE\", \"granularity\": \"1 day\","
                            + " \"window\": {\"start\": " + window + "}, \"verdict\": \""
                            + (window == 2 ? "drift" : "ok")
                            + "\", \"population_stability_index\": 0." + window + "}";
            for (String model : List.of("fraud", "unrelated")) {
                int status = server.send(
                                "PUT",
                                "/api/v1/drift/" + model + "/1/" + window,
                                "{\"run_id\": \"r\", \"granularity\": \"1 day\", \"rows\": [" + row + "]}")
                        .status();
                assertThat(status).isEqualTo(200);
            }
        }

        JsonNode drift = features("?search=amount_sum_7d").path(0).path("drift");

        assertThat(drift).hasSize(1);
        assertThat(drift.path(0).path("model").asText()).isEqualTo("fraud");
        assertThat(drift.path(0).path("verdict").asText()).isEqualTo("drift");
        assertThat(drift.path(0).path("psi").asDouble()).isEqualTo(0.2);
    }

    @Test
    void aDamagedTableIsToldAndOthersAreListed() throws IOException {
        Files.writeString(LakeFolder.log(lake, "raw.types", 1), "{\"metaData\":{\"schemaString\":\"[\"}}\n");

        JsonNode answer = server.getPath("/api/v1/features").json();

        assertThat(answer.path("unreadable").path("raw.types").asText()).contains("cannot be read");
        assertThat(answer.path("features")).hasSize(2);
    }
}
