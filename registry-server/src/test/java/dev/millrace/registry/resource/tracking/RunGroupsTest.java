package dev.millrace.registry.resource.tracking;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.millrace.registry.boot.TestServer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Seven runs with depth 1, 1, 1, 2, 2, 2, none; auc 0.5, 0.75, NaN, 1, 3, none, 8; the last is deleted. */
class RunGroupsTest {
    @TempDir
    static Path home;

    private static TestServer server;
    private static String experiment;

    @BeforeAll
    static void start() {
        server = TestServer.start(home);
        experiment = server.experiment("grouped");
        String[] depths = {"1", "1", "1", "2", "2", "2", null};
        String[] values = {"0.5", "0.75", "'NaN'", "1", "3", null, "8"};
        for (int i = 0; i < depths.length; i++) {
            String id = server.run(experiment, 100 + i);
            if (depths[i] != null) {
                server.post(
                        "runs/log-parameter", "{'run_id': '" + id + "', 'key': 'depth', 'value': '" + depths[i] + "'}");
            }
            if (values[i] != null) {
                server.post(
                        "runs/log-metric",
                        "{'run_id': '" + id + "', 'key': 'auc', 'value': " + values[i] + ", 'timestamp': 1}");
            }
            if (i == 6) server.post("runs/delete", "{'run_id': '" + id + "'}");
        }
        server.run(experiment, 200);
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    private static TestServer.Answer asked(String more) {
        String body = "{'experiment_ids': ['" + experiment + "']" + more + "}";
        return server.send("POST", "/api/v1/runs/groups", body.replace('\'', '"'));
    }

    private static List<String> groups(JsonNode answer) {
        List<String> groups = new ArrayList<>();
        answer.path("groups").forEach(group -> {
            StringBuilder text = new StringBuilder(group.path("value").asText("none") + " x" + group.path("runs"));
            group.path("metrics")
                    .forEach(metric -> text.append(" " + metric.path("key").asText() + " "
                            + metric.path("runs") + " " + metric.path("mean") + " " + metric.path("min") + " "
                            + metric.path("max")));
            groups.add(text.toString());
        });
        return groups;
    }

    @Test
    void metricsAreSummedUpByGroupWithoutNaN() {
        JsonNode answer = asked(", 'by': 'params.depth', 'metrics': ['auc']").json();

        assertThat(groups(answer)).containsExactly("1 x3 auc 2 0.625 0.5 0.75", "2 x3 auc 2 2.0 1.0 3.0", "none x1");
        assertThat(answer.path("runs").asInt()).isEqualTo(7);
        assertThat(answer.path("more").asBoolean()).isFalse();
    }

    @Test
    void groupsThatAreNotListedCountAmongTheRuns() {
        JsonNode answer = asked(", 'by': 'params.depth', 'metrics': ['auc'], 'max_groups': 1")
                .json();

        assertThat(groups(answer)).containsExactly("1 x3 auc 2 0.625 0.5 0.75");
        assertThat(answer.path("runs").asInt()).isEqualTo(7);
        assertThat(answer.path("more").asBoolean()).isTrue();
    }

    @Test
    void theFilterNarrowsAndWithoutByThereIsOneGroup() {
        assertThat(groups(asked(", 'filter': 'metrics.auc < 2', 'metrics': ['auc']")
                        .json()))
                .containsExactly("none x3 auc 3 0.75 0.5 1.0");
        assertThat(groups(asked(", 'run_view_type': 'DELETED_ONLY', 'metrics': ['auc']")
                        .json()))
                .containsExactly("none x1 auc 1 8.0 8.0 8.0");
        assertThat(groups(asked(", 'by': 'attributes.status'").json())).containsExactly("RUNNING x7");
    }

    @Test
    void noRunIsNoGroup() {
        JsonNode answer =
                asked(", 'filter': 'metrics.auc > 100', 'by': 'params.depth'").json();

        assertThat(answer.path("runs").asInt()).isZero();
        assertThat(groups(answer)).isEmpty();
    }

    @Test
    void whatCannotBeGroupedByIsRefusedWithWhatCan() {
        assertThat(asked(", 'by': 'metrics.auc'").json().path("detail").asText())
                .contains("Cannot group by metric 'auc'")
                .contains("'status'")
                .doesNotContain("start_time");
        assertThat(asked(", 'by': 'attributes.nonsense'").status()).isEqualTo(400);
        assertThat(asked(", 'max_groups': 0").status()).isEqualTo(400);
        assertThat(asked(", 'bye': 'params.depth'").status()).isEqualTo(400);
        assertThat(asked(", 'run_view_type': 'SOME'").status()).isEqualTo(400);
    }
}
