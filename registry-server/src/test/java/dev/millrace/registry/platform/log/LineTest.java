package dev.millrace.registry.platform.log;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;

class LineTest {
    private static Line line(String message, Optional<Throwable> error) {
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put("request_id", "r-1");
        fields.put("status", 200);
        return new Line(Instant.EPOCH, Level.WARN, "Store", message, fields, error);
    }

    @Test
    void textIsForPeople() {
        assertThat(line("full", Optional.empty()).written(LogFormat.TEXT))
                .isEqualTo("1970-01-01T00:00:00.000Z WARN Store - request_id=r-1 status=200 full"
                        + System.lineSeparator());
    }

    @Test
    void jsonIsOneLineWhateverIsInIt() throws IOException {
        String written = line("a \"b\"\n\u0000", Optional.of(new IllegalStateException("x\ny")))
                .written(LogFormat.JSON);

        JsonNode read = new ObjectMapper().readTree(written);
        assertThat(written).endsWith("}\n");
        assertThat(written.indexOf('\n')).isEqualTo(written.length() - 1);
        assertThat(read.path("message").asText()).isEqualTo("a \"b\"\n\u0000");
        assertThat(read.path("request_id").asText()).isEqualTo("r-1");
        assertThat(read.path("status").asInt()).isEqualTo(200);
        assertThat(read.path("stack").asText())
                .startsWith("java.lang.IllegalStateException: x\ny")
                .contains("\tat ");
    }

    @Test
    void librariesAreQuiet() {
        Logger ours = LoggerFactory.getLogger("dev.millrace.registry.X");
        Logger jetty = LoggerFactory.getLogger("org.eclipse.jetty.server.Server");

        assertThat(ours.isInfoEnabled()).isTrue();
        assertThat(ours.isDebugEnabled()).isFalse();
        assertThat(jetty.isInfoEnabled()).isFalse();
        assertThat(jetty.isWarnEnabled()).isTrue();
    }
}
