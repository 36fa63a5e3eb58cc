package dev.millrace.engine.intake;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.cfg.JsonNodeFeature;
import com.fasterxml.jackson.databind.exc.MismatchedInputException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.Closeable;
import java.io.IOException;
import java.util.Optional;

/**
 * A cursor over a file of one JSON object per line. Strict: no doubled keys, nothing after the object, no NaN, at most
 * {@value #MAX_DEPTH} levels. Numbers keep all their digits. Blank lines are no records.
 */
public final class JsonLinesReader implements Closeable {
    /** Deeper nesting is refused rather than risked. */
    static final int MAX_DEPTH = 1000;

    private final Characters chars;
    private final RecordText record;
    private final ObjectMapper json;
    private ObjectNode object;

    public JsonLinesReader(Characters chars, int maxChars) {
        this.chars = chars;
        this.record = new RecordText(chars, maxChars);
        this.json = mapper(maxChars);
    }

    private static ObjectMapper mapper(int maxChars) {
        JsonFactory factory = JsonFactory.builder()
                .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                .streamReadConstraints(StreamReadConstraints.builder()
                        .maxNestingDepth(MAX_DEPTH)
                        .maxStringLength(maxChars)
                        .build())
                .build();
        return JsonMapper.builder(factory)
                .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
                .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
                .disable(JsonNodeFeature.STRIP_TRAILING_BIGDECIMAL_ZEROES)
                .build();
    }

    /** Goes to the next record; false at the end. */
    public boolean next() throws IOException {
        while (chars.peek() != Characters.END) {
            record.begin();
            int c = record.take();
            while (c != Characters.END && !RecordText.endsLine(c)) c = record.take();
            if (c != Characters.END) record.endLine(c);
            if (record.blank()) continue;
            object = null;
            if (record.problem().isEmpty()) parse();
            return true;
        }
        return false;
    }

    private void parse() {
        try {
            JsonNode node = json.readTree(record.text());
            if (node instanceof ObjectNode found) object = found;
            else {
                String kind = node.getNodeType().name().toLowerCase(java.util.Locale.ROOT);
                record.report(Problem.Kind.JSON, "is not a JSON object: " + kind);
            }
        } catch (MismatchedInputException more) {
            record.report(Problem.Kind.JSON, "has characters after its object");
        } catch (NumberFormatException | ArithmeticException beyond) {
            record.report(Problem.Kind.JSON, "has a number whose exponent is out of range");
        } catch (JsonProcessingException broken) {
            record.report(Problem.Kind.JSON, "is not a valid JSON object: " + broken.getOriginalMessage());
        }
    }

    /** This record; only when it has no {@link #problem}. */
    public ObjectNode object() {
        return object;
    }

    /** The physical line, 1-based. */
    public long line() {
        return record.line();
    }

    /** The line as it stands in the file; cut at the limit. */
    public String text() {
        return record.text();
    }

    public Optional<Problem> problem() {
        return record.problem();
    }

    @Override
    public void close() throws IOException {
        chars.close();
    }
}
