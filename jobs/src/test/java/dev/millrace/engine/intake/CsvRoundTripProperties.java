package dev.millrace.engine.intake;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

/** What is written by RFC 4180 is read back, cell for cell. */
class CsvRoundTripProperties {
    private static final int WIDTH = 3;

    @Provide
    Arbitrary<List<List<String>>> records() {
        Arbitrary<String> cell = Arbitraries.strings()
                .withChars('a', 'é', '"', ',', '\n', '\r', ' ', '\t', '€', '0')
                .ofMaxLength(12);
        return cell.list().ofSize(WIDTH).list().ofMaxSize(20);
    }

    @Provide
    Arbitrary<String> lineEnds() {
        return Arbitraries.of("\n", "\r\n", "\r");
    }

    private static String quoted(String cell) {
        return "\"" + cell.replace("\"", "\"\"") + "\"";
    }

    private static String written(List<List<String>> records, String lineEnd, boolean lastLineEnds) {
        List<String> lines = records.stream()
                .map(record -> String.join(
                        ",", record.stream().map(CsvRoundTripProperties::quoted).toList()))
                .toList();
        return String.join(lineEnd, lines) + (lastLineEnds && !lines.isEmpty() ? lineEnd : "");
    }

    @Property
    void writtenRecordsAreReadBack(
            @ForAll("records") List<List<String>> records,
            @ForAll("lineEnds") String lineEnd,
            @ForAll boolean lastLineEnds)
            throws IOException {
        byte[] bytes = written(records, lineEnd, lastLineEnds).getBytes(StandardCharsets.UTF_8);

        List<List<String>> read = new ArrayList<>();
        try (CsvReader reader = new CsvReader(
                TextFile.open(new ByteArrayInputStream(bytes), false, Optional.empty()), CsvDialect.RFC_4180)) {
            while (reader.next()) {
                assertThat(reader.problem()).isEmpty();
                read.add(List.copyOf(reader.cells()));
            }
        }

        assertThat(read).isEqualTo(records);
    }

    /** However broken a file is, its text is neither lost nor doubled: the records are the file, line by line. */
    @Property
    void noTextIsLostInBrokenFiles(@ForAll("anything") String text) throws IOException {
        List<String> read = new ArrayList<>();
        try (CsvReader reader = new CsvReader(
                TextFile.open(new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8)), false, Optional.empty()),
                CsvDialect.RFC_4180)) {
            while (reader.next()) read.add(reader.text());
        }

        assertThat(String.join("\n", read).replaceAll("[\n\t ]", "")).isEqualTo(text.replaceAll("[\n\t ]", ""));
    }

    @Provide
    Arbitrary<String> anything() {
        return Arbitraries.strings().withChars('a', '"', ',', '\n', ' ', '0').ofMaxLength(60);
    }
}
