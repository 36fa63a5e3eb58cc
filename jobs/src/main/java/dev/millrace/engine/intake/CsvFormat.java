package dev.millrace.engine.intake;

import dev.millrace.platform.error.ErrorKind;
import dev.millrace.platform.error.MillraceException;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import org.apache.spark.sql.types.DataType;

/** CSV by RFC 4180 and its declared dialects. */
final class CsvFormat implements TextFormat {
    private static final long serialVersionUID = 1L;

    @Override
    public TextReader reader(Characters chars, ReadOptions options) {
        return new Reader(new CsvReader(chars, options.dialect()), options);
    }

    @Override
    public boolean hasHeader(ReadOptions options) {
        return options.header();
    }

    @Override
    public boolean takesPositions(ReadOptions options) {
        return !options.header();
    }

    @Override
    public Optional<RecordLexer> lexer(ReadOptions options) {
        CsvDialect dialect = options.dialect();
        boolean ascii = dialect.separator() < 128
                && dialect.quote() < 128
                && dialect.escaping().map(escape -> escape < 128).orElse(true);
        return ascii ? Optional.of(RecordLexer.csv(dialect)) : Optional.empty();
    }

    @Override
    public boolean holds(DataType type) {
        return Values.isScalar(type);
    }

    @Override
    public boolean takesEmptyFiles() {
        return true;
    }

    private static final class Reader implements TextReader {
        private final CsvReader csv;
        private final ReadOptions options;
        private List<String> header;
        private int[] positions;
        private InferredType[] types;
        private int columns;

        Reader(CsvReader csv, ReadOptions options) {
            this.csv = csv;
            this.options = options;
        }

        @Override
        public Optional<List<String>> readHeader() throws IOException {
            if (!csv.next()) return Optional.empty();
            if (csv.problem().isEmpty()) return Optional.of(List.copyOf(csv.cells()));
            throw new MillraceException(
                    ErrorKind.INPUT_UNREADABLE,
                    "its header (line " + csv.line() + ") "
                            + csv.problem().get().reason()
                            + Unreadable.hint(csv.problem().get(), options));
        }

        @Override
        public void useHeader(List<String> names) {
            header = names;
        }

        @Override
        public void begin(Binding binding) {
            positions = header == null
                    ? inOrder(binding)
                    : new Header(header, binding.columns(), binding.inPath(), options).positions();
            columns =
                    header == null ? binding.columns().size() - binding.inPath().size() : header.size();
        }

        private static int[] inOrder(Binding binding) {
            int[] positions = new int[binding.columns().size()];
            int next = 0;
            for (int i = 0; i < positions.length; i++) {
                positions[i] = binding.inPath().contains(binding.columns().get(i)) ? -1 : next++;
            }
            return positions;
        }

        @Override
        public void begin(TypeBuilder builder, String file) {
            List<String> names = options.names().of(header);
            Header.requireDistinct(names, options);
            types = new InferredType[names.size()];
            for (int i = 0; i < types.length; i++) types[i] = builder.column(names.get(i), file, i);
            header = names;
            columns = names.size();
        }

        @Override
        public boolean next() throws IOException {
            return csv.next();
        }

        @Override
        public long line() {
            return csv.line();
        }

        @Override
        public String text() {
            return csv.text();
        }

        @Override
        public Optional<Problem> problem() {
            if (csv.problem().isPresent()) return csv.problem();
            int found = csv.cells().size();
            if (found == columns) return Optional.empty();
            return Optional.of(new Problem(
                    Problem.Kind.CELLS,
                    "has " + found + (found == 1 ? " value" : " values") + ", expected " + columns));
        }

        @Override
        public void fill(RowBuilder row) {
            for (int i = 0; i < positions.length; i++) {
                int cell = positions[i];
                if (cell >= 0) row.cell(i, csv.cells().get(cell), csv.quoted(cell));
            }
        }

        @Override
        public void observe(TypeBuilder builder) {
            for (int i = 0; i < types.length; i++) {
                builder.cell(header.get(i), types[i], csv.cells().get(i), csv.quoted(i));
            }
        }

        @Override
        public void close() throws IOException {
            csv.close();
        }
    }
}
