package dev.millrace.registry.platform.error;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class ErrorTableTest {

    @Test
    void theKindsAreThoseOfTheContractThatCrossHttp() throws IOException {
        JsonNode table = new ObjectMapper()
                .readTree(Path.of("../conf/contract/errors.json").toFile())
                .path("errors");

        Map<String, String> contract = new TreeMap<>();
        for (JsonNode row : table) {
            if (row.hasNonNull("http")) {
                contract.put(
                        row.path("kind").asText(),
                        row.path("exit") + " " + row.path("http") + " "
                                + row.path("error_code").asText());
            }
        }
        Map<String, String> ours = new TreeMap<>();
        for (ErrorKind kind : ErrorKind.values()) {
            ours.put(kind.name(), kind.exitCode() + " " + kind.httpStatus() + " " + kind.errorCode());
        }

        assertThat(ours).isEqualTo(contract);
    }
}
