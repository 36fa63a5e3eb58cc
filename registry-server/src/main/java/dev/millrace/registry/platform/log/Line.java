package dev.millrace.registry.platform.log;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Map;
import java.util.Optional;
import org.slf4j.event.Level;

/**
 * One line of the log.
 *
 * @param logger name without its package
 * @param fields by name, in order: the request's id first
 */
record Line(
        Instant time,
        Level level,
        String logger,
        String message,
        Map<String, Object> fields,
        Optional<Throwable> error) {
    private static final JsonFactory JSON = new JsonFactory();
    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("yyyy-MM-dd'T'HH:mm:ss.SSSX").withZone(ZoneOffset.UTC);

    String written(LogFormat format) {
        return switch (format) {
            case TEXT -> text();
            case JSON -> json();
        };
    }

    /** {@code time LEVEL Logger - name=value … message}, then the stack trace. */
    private String text() {
        StringBuilder line = new StringBuilder(TIME.format(time))
                .append(' ')
                .append(level)
                .append(' ')
                .append(logger)
                .append(" - ");
        fields.forEach(
                (name, value) -> line.append(name).append('=').append(value).append(' '));
        line.append(message).append(System.lineSeparator());
        error.ifPresent(failure -> line.append(trace(failure)));
        return line.toString();
    }

    private String json() {
        StringWriter line = new StringWriter();
        try (JsonGenerator json = JSON.createGenerator(line)) {
            json.writeStartObject();
            json.writeStringField("time", TIME.format(time));
            json.writeStringField("level", level.toString());
            json.writeStringField("logger", logger);
            json.writeStringField("message", message);
            for (Map.Entry<String, Object> field : fields.entrySet()) {
                json.writeFieldName(field.getKey());
                if (field.getValue() instanceof Number number) json.writeNumber(number.toString());
                else json.writeString(String.valueOf(field.getValue()));
            }
            if (error.isPresent()) json.writeStringField("stack", trace(error.get()));
            json.writeEndObject();
        } catch (IOException impossible) {
            throw new IllegalStateException(impossible);
        }
        return line.append('\n').toString();
    }

    private static String trace(Throwable failure) {
        StringWriter trace = new StringWriter();
        failure.printStackTrace(new PrintWriter(trace));
        return trace.toString();
    }
}
