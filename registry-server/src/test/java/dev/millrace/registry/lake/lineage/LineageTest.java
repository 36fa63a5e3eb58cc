package dev.millrace.registry.lake.lineage;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.millrace.registry.boot.TestServer.Answer;
import dev.millrace.registry.lake.tables.LakeFolder;
import dev.millrace.registry.lake.tables.LakeServer;
import java.io.IOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The tables of make.py: raw.events is appended to at 1, replaced at 2, appended to by another program at 3. */
class LineageTest {
    private static final String RUN = "0123456789abcdef0123456789abcde";
    private static final String TRAIN = "run:" + "a".repeat(32);
    private static final String REGISTER = "run:" + "b".repeat(32);
    private static final String PROMOTE = "run:" + "c".repeat(32);
    private static final String SCORE = "run:" + "d".repeat(32);
    private static final String FOREIGN = "commit 3 of raw.events (WRITE, not by Millrace)";

    @RegisterExtension
    static final LakeServer LAKE = new LakeServer();

    @BeforeEach
    void recordRuns() throws IOException {
        record(TRAIN, "train", "'raw.events@4','features.daily@0'", "", 10);
        record(REGISTER, "register", "'" + TRAIN + "'", "'model:m/1'", 20);
        record(PROMOTE, "promote", "'model:m/1','replaces:nothing'", "'model:m/1'", 30);
        record(SCORE, "score", "'raw.events@4','model:m/1'", "'predictions.m@0'", 40);
    }

    private static void record(String run, String job, String inputs, String outputs, long at) throws IOException {
        String id = run.substring(4);
        Path file = Files.createDirectories(LAKE.lake().resolve("_runs")).resolve(id + ".json");
        Files.writeString(
                file,
                ("{'run_id':'" + id + "','job':'" + job + "','inputs':[" + inputs + "],'outputs':[" + outputs
                                + "],'ended_at':" + at + "}")
                        .replace('\'', '"'));
    }

    private static Answer ask(String ref, String more) {
        return LAKE.getPath("/api/v1/lineage?ref=" + URLEncoder.encode(ref, StandardCharsets.UTF_8) + more);
    }

    private static JsonNode graph(String ref, String more) {
        Answer answer = ask(ref, more);
        assertThat(answer.status()).as(answer.body()).isEqualTo(200);
        return answer.json();
    }

    private static Set<String> refs(JsonNode graph, String side) {
        Set<String> refs = new TreeSet<>();
        graph.path("nodes").forEach(node -> {
            if (node.path(side).asBoolean()) refs.add(node.path("ref").asText());
        });
        return refs;
    }

    private static Set<String> edges(JsonNode graph) {
        Set<String> edges = new TreeSet<>();
        graph.path("edges")
                .forEach(edge -> edges.add(edge.path("from").asText() + " "
                        + edge.path("kind").asText() + " " + edge.path("to").asText()));
        return edges;
    }

    @Test
    void aModelLeadsToTheCommitsItsTableHeld() {
        JsonNode up = graph("model:m/1", "&direction=up");

        assertThat(refs(up, "made"))
                .containsExactlyInAnyOrder(
                        REGISTER,
                        TRAIN,
                        "raw.events@4",
                        "features.daily@0",
                        "run:" + RUN + "3",
                        FOREIGN,
                        "raw.events@1",
                        "run:" + RUN + "1",
                        "run:" + RUN + "2",
                        "raw.types@0",
                        "run:" + RUN + "5");
        assertThat(edges(up))
                .contains(
                        REGISTER + " registered model:m/1",
                        TRAIN + " used " + REGISTER,
                        "raw.events@4 read " + TRAIN,
                        FOREIGN + " wrote raw.events@4");
    }

    @Test
    void aVersionIsUsedByWhoReadLaterOnesThatStillHoldItsRows() {
        assertThat(refs(graph("raw.events@2", "&direction=down&depth=1"), "used"))
                .contains(TRAIN, SCORE, "run:" + RUN + "5");
        assertThat(refs(graph("raw.events@0", "&direction=down&depth=1"), "used"))
                .as("version 2 replaced its rows")
                .containsExactly("run:" + RUN + "3");
        assertThat(refs(graph("raw.types@0", "&direction=down"), "used")).contains("predictions.m@0", SCORE);
    }

    @Test
    void aVersionThatChangedNoRowStandsForTheOneBefore() {
        JsonNode node = graph("raw.events@4", "").path("nodes").path(0);

        assertThat(node.path("note").asText()).isEqualTo("its rows are those of version 3");
    }

    @Test
    void aPromotionThatReadsAndNamesItsModelIsNoEndlessWalk() {
        JsonNode down = graph("model:m/1", "&direction=down");

        assertThat(refs(down, "used")).containsExactlyInAnyOrder(PROMOTE, SCORE, "model:m/1", "predictions.m@0");
        assertThat(edges(down))
                .contains(
                        "model:m/1 used " + PROMOTE,
                        PROMOTE + " registered model:m/1",
                        "model:m/1 scored " + SCORE,
                        SCORE + " wrote predictions.m@0");
    }

    @Test
    void limitsAreTold() {
        JsonNode shallow = graph("model:m/1", "&direction=up&depth=1");
        JsonNode few = graph("model:m/1", "&max_nodes=3");

        assertThat(refs(shallow, "made")).containsExactly(REGISTER);
        assertThat(shallow.path("cut").toString()).contains("Stopped after 1 steps");
        assertThat(few.path("nodes")).hasSize(3);
        assertThat(few.path("cut").toString()).contains("Stopped at 3 things");
        few.path("edges").forEach(edge -> assertThat(few.path("nodes").toString())
                .contains(
                        "\"" + edge.path("to").asText() + "\"",
                        "\"" + edge.path("from").asText() + "\""));
        assertThat(graph("model:m/1", "").has("cut")).isFalse();
    }

    @Test
    void aTableWithManyWritersShowsSomeAndSaysHowManyMore() throws IOException {
        for (int version = 5; version < 70; version++) {
            Files.writeString(
                    LakeFolder.log(LAKE.lake(), "raw.events", version),
                    "{\"commitInfo\":{\"timestamp\":1,\"operation\":\"WRITE\"}}\n{\"add\":{\"dataChange\":true}}\n");
        }

        JsonNode graph = graph("raw.events", "&direction=up&depth=1");

        assertThat(graph.path("ref").asText()).isEqualTo("raw.events@69");
        assertThat(graph.path("nodes")).hasSize(51);
        assertThat(graph.path("nodes").path(0).path("more").asInt()).isEqualTo(17);
    }

    @Test
    void whatTheLakeDoesNotKnowTheRegistryMay() {
        String experiment = LAKE.server().experiment("lineage");
        String run = LAKE.server().run(experiment);
        LAKE.server()
                .post(
                        "runs/log-inputs",
                        ("{'run_id': '%s', 'datasets': [{'dataset': {'name': 'raw.types', 'digest': 'abcdefgh-v0',"
                                        + " 'source_type': 'delta_table', 'source': 'x'}}]}")
                                .formatted(run));
        LAKE.server().post("registered-models/create", "{'name': 'byhand'}");
        LAKE.server()
                .post(
                        "model-versions/create",
                        "{'name': 'byhand', 'source': 'runs:/%s/model', 'run_id': '%s'}".formatted(run, run));

        JsonNode up = graph("model:byhand/1", "&direction=up");

        assertThat(refs(up, "made")).containsExactlyInAnyOrder("run:" + run, "raw.types@0", "run:" + RUN + "1");
        assertThat(up.path("edges").path(0).path("source").asText()).isEqualTo("registry");
        assertThat(up.path("nodes").path(1).at("/run/experiment_id").asText()).isEqualTo(experiment);
        assertThat(refs(graph("run:" + run, "&direction=down"), "used")).containsExactly("model:byhand/1");
    }

    @Test
    void aDamagedTableIsToldAndTheRestIsWalked() throws IOException {
        Files.writeString(LakeFolder.log(LAKE.lake(), "features.daily", 0), "{\"add\":{");

        JsonNode graph = graph("model:m/1", "&direction=up");

        assertThat(graph.path("unreadable").path("features.daily").asText()).contains("half written");
        assertThat(refs(graph, "made")).contains("raw.events@4", "features.daily@0");
    }

    @Test
    void referencesAreCompletedOrRefused() {
        assertThat(graph("run:aaaa", "").path("ref").asText()).isEqualTo(TRAIN);
        assertThat(graph("models:/m/1", "").path("ref").asText()).isEqualTo("model:m/1");
        assertThat(graph("raw.events", "").path("ref").asText()).isEqualTo("raw.events@4");
        for (String unknown :
                List.of("run:" + "f".repeat(32), "model:m/9", "raw.nothing", "raw.events@5", "run:0123")) {
            assertThat(ask(unknown, "").status()).as(unknown).isEqualTo(404);
        }
        for (String wrong : List.of("nonsense", "raw.events:id=1", "../x@1", "raw.events@x")) {
            assertThat(ask(wrong, "").status()).as(wrong).isEqualTo(400);
        }
        assertThat(ask("raw.events", "&direction=sideways").status()).isEqualTo(400);
        assertThat(LAKE.getPath("/api/v1/lineage").json().path("detail").asText())
                .contains("`ref` is missing");
    }
}
