package dev.millrace.registry.platform.telemetry;

import static org.assertj.core.api.Assertions.assertThat;

import dev.millrace.registry.boot.TestServer;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TelemetryTest {

    @Test
    void requestsAreCountedByRouteAndStatusNotByPath(@TempDir Path home) {
        try (TestServer server = TestServer.start(home)) {
            server.experiment("a");
            server.experiment("a");
            server.getPath("/no/such/path");

            String text = server.getPath("/metrics").body();

            // The experiment with its entry in the audit; the second one, refused; and the entry of that.
            String create = "method=\"POST\",route=\"/api/2.0/mlflow/experiments/create\"";
            assertThat(text)
                    .contains("millrace_http_requests_total{" + create + ",status=\"200\"} 1\n")
                    .contains("millrace_http_requests_total{" + create + ",status=\"400\"} 1\n")
                    .contains("millrace_http_request_seconds_bucket{" + create + ",le=\"+Inf\"} 2\n")
                    .contains("millrace_http_request_seconds_count{" + create + "} 2\n")
                    .contains("route=\"none\",status=\"404\"} 1\n")
                    .contains("millrace_writes_total 3\n")
                    .contains("millrace_write_queue_length 0\n")
                    .containsPattern("millrace_database_bytes [1-9][0-9]{4,}\n")
                    .doesNotContain("/no/such/path");
        }
    }
}
