package dev.millrace.registry.resource.drift;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.millrace.registry.boot.TestServer;
import dev.millrace.registry.platform.storage.Attachment;
import dev.millrace.registry.platform.storage.TestDatabases;
import java.io.IOException;
import java.nio.file.Path;
import org.jdbi.v3.core.Handle;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Rows that an older server stored, one by one, are there after a newer one has started. */
class ConversionTest {
    private static void store(Handle tx, int window, String version, JsonNode row) {
        tx.createUpdate(
                        """
                        INSERT INTO drift_rows (model, version, window_start, window_end, column_name, slice_key, slice_value,
                          drift_type, verdict, run_uuid, granularity, row_json, written_at)
                        VALUES ('fraud', :version, :start, 9, :column, :key, :value, :type, :verdict, 'r', '1 day', :json, 1)""")
                .bind("version", version)
                .bind("start", window)
                .bind("column", row.path("column_name").asText())
                .bind("key", row.path("slice_key").asText(""))
                .bind("value", row.path("slice_value").asText(""))
                .bind("type", row.path("drift_type").asText())
                .bind("verdict", row.path("verdict").asText(""))
                .bind("json", row.toString())
                .execute();
    }

    @Test
    void rowsOfOlderServersAreConvertedAtTheStart(@TempDir Path home) throws IOException {
        TestServer.start(home).close();
        JsonNode body = TestServer.JSON
                .readTree(Path.of("../conf/contract/drift-put.json").toFile())
                .path("body");
        try (Attachment database = Attachment.open(TestDatabases.of(home))) {
            database.write(tx -> {
                for (int window = 0; window < 3; window++) {
                    for (JsonNode row : body.path("rows")) {
                        ObjectNode one = row.deepCopy();
                        one.putObject("window").put("start", window).put("end", 9);
                        store(tx, window, window == 2 ? "10" : "9", one);
                    }
                }
                return null;
            });
        }

        try (TestServer server = TestServer.start(home)) {
            JsonNode model = server.getPath("/api/v1/drift").json().at("/models/0");
            JsonNode rows = server.getPath("/api/v1/drift/fraud").json().path("rows");

            assertThat(model.toString())
                    .isEqualTo("{\"model\":\"fraud\",\"latest_version\":\"10\",\"windows\":3,\"first_window\":0,"
                            + "\"latest_window\":2,\"drifted\":1}");
            assertThat(rows).hasSize(6);
            assertThat(rows.at("/0/n_reference").asLong()).isEqualTo(65536);
            assertThat(rows.at("/1/population_stability_index").asText()).isEqualTo("Infinity");
        }
        try (Attachment database = Attachment.open(TestDatabases.of(home))) {
            assertThat(database.<Integer>read(tx -> tx.createQuery("SELECT COUNT(*) FROM drift_rows")
                            .mapTo(Integer.class)
                            .one()))
                    .isZero();
        }
    }
}
