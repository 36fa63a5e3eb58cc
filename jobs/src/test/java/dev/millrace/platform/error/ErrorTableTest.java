package dev.millrace.platform.error;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class ErrorTableTest {
    /** The server's twin of this test reads the same file. */
    @Test
    void everyKindHasTheExitCodeOfTheContract() throws Exception {
        JsonNode table = new ObjectMapper()
                .readTree(Path.of("../conf/contract/errors.json").toFile());

        Map<String, Integer> contract = new LinkedHashMap<>();
        table.path("errors")
                .forEach(kind -> contract.put(
                        kind.path("kind").asText(), kind.path("exit").asInt()));
        Map<String, Integer> ours =
                Arrays.stream(ErrorKind.values()).collect(Collectors.toMap(ErrorKind::name, ErrorKind::exitCode));
        assertThat(ours).isEqualTo(contract);
    }
}
