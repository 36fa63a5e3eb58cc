package dev.millrace.registry.boot;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** MLflow's own Python client against the server. MILLRACE_PYTHON names a Python with mlflow and scikit-learn. */
@Tag("external")
@Tag("files")
class MlflowPythonClientTest {

    @Test
    void everythingAUserDoesWorks(@TempDir Path home) throws IOException, InterruptedException {
        String python = System.getenv("MILLRACE_PYTHON");
        Assumptions.assumeTrue(python != null, "MILLRACE_PYTHON names no Python with mlflow");

        try (TestServer server = TestServer.start(home)) {
            Process process = new ProcessBuilder(python, "src/test/python/mlflow_client.py", server.url())
                    .redirectErrorStream(true)
                    .start();
            String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);

            assertThat(process.waitFor()).as(output).isZero();
            assertThat(output).contains("all well");
        }
    }
}
