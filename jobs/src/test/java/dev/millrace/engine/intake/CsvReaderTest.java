package dev.millrace.engine.intake;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.zip.GZIPOutputStream;
import java.util.zip.ZipException;
import org.junit.jupiter.api.Test;

class CsvReaderTest {

    /** A record as a test looks at it. */
    private record Seen(long line, List<String> cells, String text, String problem) {}

    private static List<Seen> read(String text) {
        return read(text.getBytes(StandardCharsets.UTF_8), Optional.empty(), CsvDialect.RFC_4180);
    }

    private static List<Seen> read(byte[] bytes, Optional<Charset> charset, CsvDialect dialect) {
        List<Seen> seen = new ArrayList<>();
        try (CsvReader reader =
                new CsvReader(TextFile.open(new ByteArrayInputStream(bytes), false, charset), dialect)) {
            while (reader.next()) {
                seen.add(new Seen(
                        reader.line(),
                        List.copyOf(reader.cells()),
                        reader.text(),
                        reader.problem().map(Problem::reason).orElse("")));
            }
        } catch (IOException impossible) {
            throw new AssertionError(impossible);
        }
        return seen;
    }

    @Test
    void linesAreThePhysicalOnesWhateverTheirEnds() {
        List<Seen> seen = read("a,b\r\n1,\"x\ny\"\r2,z\n\n  \n3,\"\"");

        assertThat(seen)
                .containsExactly(
                        new Seen(1, List.of("a", "b"), "a,b", ""),
                        new Seen(2, List.of("1", "x\ny"), "1,\"x\ny\"", ""),
                        new Seen(4, List.of("2", "z"), "2,z", ""),
                        new Seen(7, List.of("3", ""), "3,\"\"", ""));
    }

    @Test
    void lineEndsInsideQuotesStayAsTheyAre() {
        assertThat(read("\"a\r\nb\",\"c\rd\"\r\nnext,1\r\n"))
                .extracting(Seen::cells)
                .containsExactly(List.of("a\r\nb", "c\rd"), List.of("next", "1"));
    }

    @Test
    void textAfterAClosingQuoteSpoilsItsLineOnly() {
        List<Seen> seen = read("1,\"he said \"hi\", loudly\"\n2,ok\n");

        assertThat(seen).hasSize(2);
        assertThat(seen.get(0).problem()).isEqualTo("has characters after the closing quote of value 2");
        assertThat(seen.get(0).text()).isEqualTo("1,\"he said \"hi\", loudly\"");
        assertThat(seen.get(1)).isEqualTo(new Seen(2, List.of("2", "ok"), "2,ok", ""));
    }

    @Test
    void aQuoteInsideAnUnquotedCellIsText() {
        assertThat(read("1,a\"b\n")).extracting(Seen::cells).containsExactly(List.of("1", "a\"b"));
    }

    @Test
    void aQuoteThatIsNeverClosedTakesTheRestAndSaysWhereItBegan() {
        List<Seen> seen = read("1,a\n2,\"b\n3,c\n4,d\n");

        assertThat(seen).hasSize(2);
        assertThat(seen.get(1).line()).isEqualTo(2);
        assertThat(seen.get(1).problem()).isEqualTo("opens a quote in line 2 that is never closed");
    }

    @Test
    void anEscapeCharacterCountsOnlyWhereItIsDeclared() {
        byte[] bytes = "\"back\\\"slash\",1\n".getBytes(StandardCharsets.UTF_8);
        CsvDialect escaping = new CsvDialect(',', '"', '\\', 1000);

        assertThat(read(bytes, Optional.empty(), escaping).get(0).cells()).containsExactly("back\"slash", "1");
        assertThat(read(bytes, Optional.empty(), CsvDialect.RFC_4180).get(0).problem())
                .startsWith("has characters after");
    }

    @Test
    void bytesThatAreNoUtf8SpoilTheirRecordOnly() {
        byte[] bytes = "1,caf\u00e9\n2,\u00e9\n3,ok\n".getBytes(StandardCharsets.ISO_8859_1);

        List<Seen> utf8 = read(bytes, Optional.empty(), CsvDialect.RFC_4180);
        List<Seen> latin = read(bytes, Optional.of(StandardCharsets.ISO_8859_1), CsvDialect.RFC_4180);

        assertThat(utf8).extracting(seen -> seen.problem().isEmpty()).containsExactly(false, false, true);
        assertThat(utf8.get(0).text()).isEqualTo("1,caf\uFFFD");
        assertThat(latin).allSatisfy(seen -> assertThat(seen.problem()).isEmpty());
        assertThat(latin.get(0).cells()).containsExactly("1", "caf\u00e9");
    }

    @Test
    void theReplacementCharacterItselfIsNoProblem() {
        assertThat(read("1,\uFFFD\n").get(0).problem()).isEmpty();
    }

    @Test
    void aCutCharacterAtTheEndOfTheFileIsInvalid() {
        byte[] whole = "1,\u20ac".getBytes(StandardCharsets.UTF_8);

        List<Seen> seen = read(Arrays.copyOf(whole, whole.length - 1), Optional.empty(), CsvDialect.RFC_4180);

        assertThat(seen.get(0).problem()).startsWith("has bytes that are not valid");
    }

    @Test
    void nulCharactersSpoilTheirRecord() {
        assertThat(read("1,a\u0000b\n\u0000\u0000\n2,c\n"))
                .extracting(Seen::problem)
                .containsExactly("has the character U+0000", "has the character U+0000", "");
    }

    @Test
    void aRecordBeyondTheLimitIsCutAndReadingGoesOn() {
        CsvDialect narrow = new CsvDialect(',', '"', null, 10);
        byte[] bytes = ("1,\"" + "x".repeat(100_000) + "\"\n2,ok\n").getBytes(StandardCharsets.UTF_8);

        List<Seen> seen = read(bytes, Optional.empty(), narrow);

        assertThat(seen.get(0).problem()).contains("longer than 10 characters");
        assertThat(seen.get(0).text()).hasSize(10);
        assertThat(seen.get(1)).isEqualTo(new Seen(2, List.of("2", "ok"), "2,ok", ""));
    }

    @Test
    void byteOrderMarksAreNoText() {
        assertThat(read("\uFEFFid,x\n").get(0).cells()).containsExactly("id", "x");
        byte[] utf16 = "\uFEFFid,x\n".getBytes(StandardCharsets.UTF_16LE);
        assertThat(read(utf16, Optional.of(StandardCharsets.UTF_16), CsvDialect.RFC_4180)
                        .get(0)
                        .cells())
                .containsExactly("id", "x");
        assertThatThrownBy(() -> TextFile.open(new ByteArrayInputStream(utf16), false, Optional.empty()))
                .hasMessageContaining("`encoding: UTF-16`");
    }

    private static byte[] gzipped(String text) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (GZIPOutputStream gzip = new GZIPOutputStream(out)) {
            gzip.write(text.getBytes(StandardCharsets.UTF_8));
        }
        return out.toByteArray();
    }

    @Test
    void aCutGzipStreamIsAnErrorAndNotTheEnd() throws IOException {
        byte[] whole = gzipped("1,abc\n".repeat(50_000));
        byte[] cut = Arrays.copyOf(whole, whole.length * 6 / 10);

        CsvReader reader = new CsvReader(
                TextFile.open(new ByteArrayInputStream(cut), true, Optional.empty()), CsvDialect.RFC_4180);

        assertThatThrownBy(() -> {
                    while (reader.next()) assertThat(reader.cells()).hasSize(2);
                })
                .isInstanceOf(EOFException.class);
    }

    @Test
    void otherKindsOfFilesAreNamed() throws IOException {
        byte[] zip = {'P', 'K', 3, 4, 0, 0};

        assertThatThrownBy(() -> TextFile.open(new ByteArrayInputStream(zip), false, Optional.empty()))
                .hasMessageContaining("a zip archive");
        byte[] gzip = gzipped("x");
        assertThatThrownBy(() -> TextFile.open(new ByteArrayInputStream(gzip), false, Optional.empty()))
                .hasMessageContaining("compressed by gzip");
        assertThatThrownBy(() -> TextFile.open(
                        new ByteArrayInputStream("id\n".getBytes(StandardCharsets.UTF_8)), true, Optional.empty()))
                .isInstanceOf(ZipException.class);
    }

    @Test
    void nothingIsNoRecord() {
        assertThat(read("")).isEmpty();
        assertThat(read("\n\n")).isEmpty();
    }
}
