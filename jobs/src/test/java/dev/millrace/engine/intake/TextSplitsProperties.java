package dev.millrace.engine.intake;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;

/** A file that is read in parts gives what it gives as a whole, wherever the parts begin and whatever is in it. */
class TextSplitsProperties {
    private static final CsvDialect ESCAPING = new CsvDialect(';', '\'', '\\', 40);

    /** Quotes, both kinds of line ends, separators, and bytes that are no UTF-8, in any order. */
    @Provide
    Arbitrary<byte[]> anything() {
        Arbitrary<Byte> bytes = Arbitraries.of(
                (byte) 'a',
                (byte) '"',
                (byte) '\'',
                (byte) '\\',
                (byte) ',',
                (byte) ';',
                (byte) '\n',
                (byte) '\r',
                (byte) ' ',
                (byte) 0,
                (byte) 0xC3,
                (byte) 0xA4,
                (byte) 0xEF,
                (byte) 0xBB,
                (byte) 0xBF);
        return bytes.array(byte[].class).ofMaxSize(120);
    }

    /** Records of quoted and unquoted cells, as people write them, behind a byte order mark or not. */
    @Provide
    Arbitrary<byte[]> records() {
        Arbitrary<String> cell =
                Arbitraries.of("x", "", "\"a,b\"", "\"a\nb\"", "\"a\r\nb\"", "\"say \"\"hi\"\"\"", "a\"b", "ä€");
        Arbitrary<String> record = cell.list().ofMinSize(1).ofMaxSize(3).map(cells -> String.join(",", cells));
        Arbitrary<String> end = Arbitraries.of("\n", "\r\n", "\r", "\n\n");
        return net.jqwik.api.Combinators.combine(record.list().ofMaxSize(12), end, Arbitraries.of("", "\uFEFF"))
                .as((list, lineEnd, mark) -> (mark + String.join(lineEnd, list)).getBytes(StandardCharsets.UTF_8));
    }

    private record Seen(long line, List<String> cells, String text, String problem) {}

    private static List<Seen> csv(Characters chars, CsvDialect dialect) throws IOException {
        List<Seen> seen = new ArrayList<>();
        try (CsvReader reader = new CsvReader(chars, dialect)) {
            while (reader.next()) {
                String problem = reader.problem().map(Problem::reason).orElse("");
                List<String> cells = problem.isEmpty() ? List.copyOf(reader.cells()) : List.of();
                seen.add(new Seen(reader.line(), cells, reader.text(), problem));
            }
        }
        return seen;
    }

    private static List<Seen> json(Characters chars) throws IOException {
        List<Seen> seen = new ArrayList<>();
        try (JsonLinesReader reader = new JsonLinesReader(chars, 1000)) {
            while (reader.next()) {
                String problem = reader.problem().map(Problem::reason).orElse("");
                seen.add(new Seen(reader.line(), List.of(), reader.text(), problem));
            }
        }
        return seen;
    }

    private static List<TextSplit> splits(byte[] bytes, int chunk, RecordLexer lexer) throws IOException {
        List<ChunkScan> scans = new ArrayList<>();
        for (int start = 0; start < bytes.length; start += chunk) {
            boolean mark = start == 0 && new String(bytes, StandardCharsets.UTF_8).startsWith("\uFEFF");
            int begin = mark ? 3 : start;
            int length = Math.min(chunk, bytes.length - start) - (begin - start);
            ByteArrayInputStream in = new ByteArrayInputStream(bytes, begin, Math.max(0, length));
            scans.add(ChunkScan.of(in, begin == 0 ? 0 : bytes[begin - 1], length, lexer));
        }
        return TextSplits.composed(new SourceFile("f", bytes.length, 0), chunk, scans);
    }

    private interface Reading {
        List<Seen> of(Characters chars) throws IOException;
    }

    private static void assertSame(byte[] bytes, int chunk, RecordLexer lexer, Charset charset, Reading reading)
            throws IOException {
        List<Seen> whole = reading.of(TextFile.open(new ByteArrayInputStream(bytes), false, Optional.of(charset)));
        List<Seen> parts = new ArrayList<>();
        for (TextSplit split : splits(bytes, chunk, lexer)) {
            byte[] part = Arrays.copyOfRange(bytes, (int) split.start(), (int) split.end());
            parts.addAll(reading.of(
                    split.isFirst()
                            ? TextFile.open(new ByteArrayInputStream(part), false, Optional.of(charset))
                            : TextFile.openPart(new ByteArrayInputStream(part), Optional.of(charset), split.line())));
        }
        assertThat(parts).isEqualTo(whole);
    }

    @Property
    void anyBytesAsCsv(@ForAll("anything") byte[] bytes, @ForAll @IntRange(min = 4, max = 40) int chunk)
            throws IOException {
        CsvDialect plain = CsvDialect.RFC_4180;

        assertSame(bytes, chunk, RecordLexer.csv(plain), StandardCharsets.UTF_8, chars -> csv(chars, plain));
        assertSame(bytes, chunk, RecordLexer.csv(ESCAPING), StandardCharsets.UTF_8, chars -> csv(chars, ESCAPING));
        assertSame(bytes, chunk, RecordLexer.csv(plain), StandardCharsets.ISO_8859_1, chars -> csv(chars, plain));
    }

    @Property
    void recordsWithQuotedLineEnds(@ForAll("records") byte[] bytes, @ForAll @IntRange(min = 4, max = 40) int chunk)
            throws IOException {
        CsvDialect plain = CsvDialect.RFC_4180;

        assertSame(bytes, chunk, RecordLexer.csv(plain), StandardCharsets.UTF_8, chars -> csv(chars, plain));
    }

    @Property
    void anyBytesAsLinesOfJson(@ForAll("anything") byte[] bytes, @ForAll @IntRange(min = 4, max = 40) int chunk)
            throws IOException {
        assertSame(bytes, chunk, RecordLexer.lines(), StandardCharsets.UTF_8, TextSplitsProperties::json);
    }
}
