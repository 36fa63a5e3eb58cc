package dev.millrace.engine.intake;

import java.io.IOException;
import java.util.List;
import java.util.Optional;
import org.apache.spark.sql.types.DataType;

/** One JSON object per line. */
final class JsonLinesFormat implements TextFormat {
    private static final long serialVersionUID = 1L;

    @Override
    public TextReader reader(Characters chars, ReadOptions options) {
        return new Reader(new JsonLinesReader(chars, options.dialect().maxChars()));
    }

    @Override
    public boolean hasHeader(ReadOptions options) {
        return false;
    }

    @Override
    public boolean takesPositions(ReadOptions options) {
        return false;
    }

    @Override
    public Optional<RecordLexer> lexer(ReadOptions options) {
        return Optional.of(RecordLexer.lines());
    }

    @Override
    public boolean holds(DataType type) {
        return true;
    }

    @Override
    public boolean takesEmptyFiles() {
        return true;
    }

    private record Reader(JsonLinesReader json) implements TextReader {
        @Override
        public Optional<List<String>> readHeader() {
            return Optional.empty();
        }

        @Override
        public void useHeader(List<String> names) {
            throw new AssertionError("JSON lines have no header: " + names);
        }

        @Override
        public void begin(Binding binding) {
            // Each record names its own columns.
        }

        @Override
        public void begin(TypeBuilder builder, String file) {
            // Each record names its own columns.
        }

        @Override
        public boolean next() throws IOException {
            return json.next();
        }

        @Override
        public long line() {
            return json.line();
        }

        @Override
        public String text() {
            return json.text();
        }

        @Override
        public Optional<Problem> problem() {
            return json.problem();
        }

        @Override
        public void fill(RowBuilder row) {
            for (var property : json.object().properties()) row.value(property.getKey(), property.getValue());
        }

        @Override
        public void observe(TypeBuilder types) {
            for (var property : json.object().properties()) types.value(property.getKey(), property.getValue());
        }

        @Override
        public void close() throws IOException {
            json.close();
        }
    }
}
