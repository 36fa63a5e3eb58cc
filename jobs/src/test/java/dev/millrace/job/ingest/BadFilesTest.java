package dev.millrace.job.ingest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.millrace.engine.landing.TakenColumns;
import dev.millrace.job.JobHarness;
import dev.millrace.platform.error.MillraceException;
import dev.millrace.platform.spark.SharedSpark;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The 43 broken files of the shared data, against the outcome their manifest decides. */
@ExtendWith(SharedSpark.class)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class BadFilesTest {
    private static final String COMMON =
            "schema: {id: long, ts: timestamp, customer: string, amount: double, country: string, note: string}\n";

    /** The manifest declares the common header by default; these files have columns of their own. */
    private static final Map<String, String> OWN_SCHEMAS = Map.of(
            "13", "schema: {id: long, ts: timestamp, amount: double, note: string}\n",
            "20", "schema: {id: long, ts: date, expected_iso: string}\nformats: {ts: yyyy-MM-dd}\n",
            "25", "",
            "30", "",
            "31", "",
            "32",
                    "schema: {id: long, ts: timestamp, amount: double, tags: array<string>,"
                            + " geo: \"struct<lat: double, lon: double>\"}\n",
            "33", "schema: {id: long, v: string}\n",
            "34", "schema: {id: long, amount: double}\n",
            "39", "schema: {id: long, amount: double, expected: string}\nnull-values: ['NULL', '\\N']\n",
            "40", "schema: {id: string, version: string, amount: string}\n");

    private final Path folder = Path.of(System.getenv().getOrDefault("MILLRACE_SHARED_DATA", "../../shared/data"))
            .resolve("bad-files");
    private JobHarness harness;

    @BeforeAll
    void makeHome(SparkSession spark, @TempDir Path home) {
        assumeTrue(
                Files.exists(folder.resolve("manifest.json")),
                "The shared data set bad-files is not at " + folder.toAbsolutePath() + "; set MILLRACE_SHARED_DATA");
        harness = new JobHarness(spark, home);
    }

    private List<JsonNode> entries() throws IOException {
        if (!Files.exists(folder.resolve("manifest.json"))) return List.of();
        JsonNode manifest =
                new ObjectMapper().readTree(folder.resolve("manifest.json").toFile());
        return StreamSupport.stream(manifest.path("files").spliterator(), false).toList();
    }

    private static String name(JsonNode entry) {
        return entry.path("file").asText();
    }

    private static String number(JsonNode entry) {
        return name(entry).replaceFirst("^_", "").substring(0, 2);
    }

    private static boolean isRefused(JsonNode entry) {
        return entry.path("outcome").path("exit").asInt() != 0;
    }

    /** The one that is refused only after another. */
    private static boolean isSecondOfPair(JsonNode entry) {
        return name(entry).startsWith("31-schema-changed-b");
    }

    private Stream<JsonNode> refused() throws IOException {
        return entries().stream().filter(entry -> isRefused(entry) && !isSecondOfPair(entry));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("refused")
    void aFileThatCannotBeTakenIsRefusedByNameAndLeavesNothing(JsonNode entry) {
        String table = "refused_" + number(entry);

        MillraceException refused =
                catchThrowableOfType(MillraceException.class, () -> ingest(table, schema(entry), name(entry)));

        assertThat(refused).as(name(entry)).isNotNull().hasMessageContaining(name(entry));
        assertThat(refused.kind().exitCode())
                .isEqualTo(entry.path("outcome").path("exit").asInt());
        assertThat(harness.exists("raw." + table)).isFalse();
        assertThat(harness.exists("quarantine." + table)).isFalse();
        assertThat(harness.folder().resolve("lake/raw/" + table)).doesNotExist();
    }

    private static String schema(JsonNode entry) {
        return OWN_SCHEMAS.getOrDefault(number(entry), COMMON);
    }

    private IngestResult ingest(String table, String options, String... files) {
        String paths = Stream.of(files)
                .map(file -> "\"" + folder.resolve("files").resolve(file) + "\"")
                .collect(Collectors.joining(", "));
        return harness.run(new IngestJob(), "path: [" + paths + "]\noutput: raw." + table + "\n" + options);
    }

    private Stream<List<JsonNode>> accepted() throws IOException {
        Map<String, List<JsonNode>> bySchema = new TreeMap<>();
        for (JsonNode entry : entries()) {
            if (isRefused(entry)) continue;
            String group = OWN_SCHEMAS.containsKey(number(entry)) ? number(entry) : "common";
            bySchema.computeIfAbsent(group, key -> new ArrayList<>()).add(entry);
        }
        return bySchema.values().stream();
    }

    /** Files of one schema go in together: so each also shows that its neighbours do not matter. */
    @ParameterizedTest
    @MethodSource("accepted")
    void everyRecordOfAFileIsEitherInTheTableOrInQuarantine(List<JsonNode> group) {
        String table = "accepted_" + number(group.get(0));
        String[] files = group.stream().map(BadFilesTest::name).toArray(String[]::new);

        IngestResult result = ingest(table, schema(group.get(0)), files);

        assertThat(result.records()).isEqualTo(result.landed() + result.quarantined());
        Map<String, List<Row>> landed = byFile("raw." + table, TakenColumns.SOURCE_FILE);
        Map<String, List<Row>> rejected = byFile("quarantine." + table, "source_file");
        for (JsonNode entry : group) {
            List<Row> in = landed.getOrDefault(name(entry), List.of());
            List<Row> out = rejected.getOrDefault(name(entry), List.of());
            assertCounts(entry, in.size(), out.size());
            assertLines(entry, out);
        }
    }

    private Map<String, List<Row>> byFile(String table, String column) {
        if (!harness.exists(table)) return Map.of();
        return harness.read(table).stream()
                .collect(Collectors.groupingBy(
                        row -> Path.of(row.<String>getAs(column)).getFileName().toString()));
    }

    private static void assertCounts(JsonNode entry, int landed, int quarantined) {
        JsonNode outcome = entry.path("outcome");
        if (outcome.path("landed").isNumber()) {
            assertThat(landed).as(name(entry)).isEqualTo(outcome.path("landed").asInt());
            assertThat(quarantined)
                    .as(name(entry))
                    .isEqualTo(outcome.path("quarantined").asInt());
        } else if (entry.has("min_good")) {
            assertThat(landed)
                    .as(name(entry))
                    .isGreaterThanOrEqualTo(entry.path("min_good").asInt());
            assertThat(landed + quarantined).as(name(entry)).isEqualTo(100);
        }
    }

    private static void assertLines(JsonNode entry, List<Row> rejected) {
        if (!entry.has("bad_lines")) return;
        List<Long> lines = new ArrayList<>();
        entry.path("bad_lines").forEach(line -> lines.add(line.asLong()));
        assertThat(rejected)
                .as(name(entry))
                .extracting(row -> row.<Long>getAs("line"))
                .containsExactlyInAnyOrderElementsOf(lines);
    }

    @Test
    void numbersAreReadAsTheirFileExpects() {
        ingest("numbers", OWN_SCHEMAS.get("39"), "39-numbers.csv");

        Map<Long, Double> amounts = new TreeMap<>();
        for (Row row : harness.read("raw.numbers")) amounts.put(row.getAs("id"), row.getAs("amount"));
        assertThat(amounts)
                .containsEntry(1L, 1.0)
                .containsEntry(2L, 1000.0)
                .containsEntry(3L, 7.0)
                .containsEntry(4L, 5.0)
                .containsEntry(5L, -0.0)
                .containsEntry(6L, Double.NaN)
                .containsEntry(7L, Double.POSITIVE_INFINITY)
                .containsEntry(12L, 1e40)
                .containsEntry(13L, Double.POSITIVE_INFINITY)
                .containsEntry(14L, 0.0)
                .containsEntry(15L, null)
                .containsEntry(16L, null)
                .containsEntry(17L, null)
                .doesNotContainKeys(9L, 10L, 11L);
    }

    @Test
    void aSecondSchemaIsRefusedWithAllItsDifferencesUntilTheyAreAllowed() {
        ingest("pair", "", "31-schema-changed-a.parquet");

        assertThatThrownBy(() -> ingest("pair", "", "31-schema-changed-b.parquet"))
                .hasMessageContaining("`id` is INT, not BIGINT (widened)")
                .hasMessageContaining("`ts` is STRING, not TIMESTAMP")
                .hasMessageContaining("`amount` is STRING, not DOUBLE")
                .hasMessageContaining("`Country` differs from `country` by case")
                .hasMessageContaining("`channel` is new");
        String allowed =
                "cast: {ts: timestamp, amount: double}\nignore-case: true\non-new-column: add\non-missing-column: fill\n";
        IngestResult second = ingest("pair", allowed, "31-schema-changed-b.parquet");

        assertThat(second.landed()).isEqualTo(500);
        assertThat(harness.read("raw.pair")).hasSize(1000);
    }

    @Test
    void whatAnOptionAllowsLands() {
        String de = COMMON + "separator: ;\nlocale: de\n";
        String positions = "columns: {'#4': amount_2, '#5': amount_3}\n";

        assertThat(ingest("latin", COMMON + "encoding: ISO-8859-1\n", "09-latin1.csv")
                        .landed())
                .isEqualTo(100);
        assertThat(ingest("utf16", COMMON + "encoding: UTF-16\n", "10-utf16le-bom.csv")
                        .landed())
                .isEqualTo(100);
        assertThat(ingest("named", positions, "13-duplicate-header.csv").landed())
                .isEqualTo(20);
        assertThat(ingest("bare", COMMON + "header: false\n", "17-no-header.csv")
                        .landed())
                .isEqualTo(100);
        assertThat(ingest("comma", de, "21-decimal-comma.csv").landed()).isEqualTo(40);
        assertThat(harness.read("raw.comma").stream()
                        .mapToDouble(row -> row.getAs("amount"))
                        .sum())
                .isEqualTo(20400845.00);
    }

    @Test
    void corruptFilesAreSetAsideOnRequestAndTheOthersLand() {
        IngestResult result = ingest(
                "aside",
                COMMON + "on-corrupt-file: quarantine-file\n",
                "00-good.csv",
                "23-truncated.csv.gz",
                "41-zip-as.csv",
                "22-wrong-separator.csv");

        assertThat(result.landed()).isEqualTo(100);
        assertThat(result.setAside()).isEqualTo(3);
        assertThat(harness.read("raw.aside")).hasSize(100);
        assertThat(byFile("quarantine.aside", "source_file"))
                .containsOnlyKeys("23-truncated.csv.gz", "41-zip-as.csv", "22-wrong-separator.csv")
                .allSatisfy((file, rows) -> assertThat(rows).hasSize(1));
    }

    @Test
    void aDamagedParquetPageIsSetAsideOnRequest() {
        IngestResult result = ingest(
                "pages",
                "on-corrupt-file: quarantine-file\n",
                "25-good.parquet",
                "27-flipped-bytes.parquet",
                "26-truncated.parquet");

        assertThat(result.landed()).isEqualTo(1000);
        assertThat(result.setAside()).isEqualTo(2);
        assertThat(byFile("quarantine.pages", "source_file"))
                .containsOnlyKeys("27-flipped-bytes.parquet", "26-truncated.parquet");
    }
}
