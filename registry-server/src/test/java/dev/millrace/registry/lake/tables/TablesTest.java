package dev.millrace.registry.lake.tables;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.millrace.registry.boot.TestServer;
import dev.millrace.registry.boot.TestServer.Answer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

class TablesTest {
    @RegisterExtension
    static final LakeServer LAKE = new LakeServer();

    private JsonNode get(String path) {
        Answer answer = LAKE.getPath("/api/v1/tables" + path);
        assertThat(answer.status()).as(answer.body()).isEqualTo(200);
        return answer.json();
    }

    private String refused(String path, int status) {
        Answer answer = LAKE.getPath("/api/v1/tables" + path);
        assertThat(answer.status()).as(answer.body()).isEqualTo(status);
        assertThat(answer.response().headers().firstValue("Content-Type")).hasValue("application/problem+json");
        return answer.json().path("detail").asText();
    }

    private JsonNode listed(String table) {
        for (JsonNode entry : get("").path("tables")) {
            if (entry.path("table").asText().equals(table)) return entry;
        }
        throw new AssertionError(table);
    }

    private static List<String> texts(JsonNode list, String field) {
        List<String> texts = new ArrayList<>();
        list.forEach(item -> texts.add(item.path(field).asText()));
        return texts;
    }

    @Test
    void tablesAreListedWithWhatTheirNewestVersionHolds() {
        JsonNode answer = get("");
        JsonNode events = listed("raw.events");

        assertThat(texts(answer.path("tables"), "table"))
                .containsExactly("features.daily", "raw.deleted", "raw.events", "raw.types");
        assertThat(events.path("version").asLong()).isEqualTo(4);
        assertThat(events.path("versions").asLong()).isEqualTo(5);
        assertThat(events.path("rows").asLong())
                .isEqualTo(LakeFolder.expected("raw.events").at("/rows/4").asLong());
        assertThat(events.path("bytes").asLong())
                .isEqualTo(LakeFolder.expected("raw.events").at("/bytes/4").asLong());
        assertThat(events.has("job"))
                .as("version 3, the last that changed rows, is not ours")
                .isFalse();
        assertThat(listed("raw.types").path("job").asText()).isEqualTo("ingest");
    }

    @Test
    void aFeatureTablesColumnsSayWhatTheyAre() {
        JsonNode columns = get("/features.daily").at("/state/columns");

        assertThat(texts(columns, "name")).containsExactly("customer_id", "day", "amount_sum_7d", "amount_count_7d");
        assertThat(texts(columns, "type")).containsExactly("BIGINT", "DATE", "DOUBLE", "BIGINT");
        assertThat(columns.path(2).path("comment").asText()).isEqualTo("sum of amount over the 7 days before");
        assertThat(columns.path(2).at("/metadata/millrace").asText()).contains("\"owner\": \"risk\"");
    }

    @Test
    void everyVersionHasTheRowsThatDeltalakeReads() {
        JsonNode expected = LakeFolder.expected("raw.events");
        for (int version = 0; version <= 4; version++) {
            JsonNode rows = get("/raw.events/rows?version=" + version);
            TreeSet<Long> ids = new TreeSet<>();
            rows.path("rows").forEach(row -> ids.add(row.path(0).asLong()));
            TreeSet<Long> wanted = new TreeSet<>();
            expected.path("ids").path(version).forEach(id -> wanted.add(id.asLong()));

            assertThat(ids).as("version " + version).isEqualTo(wanted);
            assertThat(rows.path("more").asBoolean()).isFalse();
            assertThat(get("/raw.events?version=" + version).at("/state/rows").asLong())
                    .isEqualTo(expected.path("rows").path(version).asLong());
        }
    }

    @Test
    void deletedRowsAndRenamedColumnsAreThoseOfTheVersion() {
        JsonNode now = get("/raw.deleted/rows?limit=500");
        JsonNode before = get("/raw.deleted/rows?limit=500&version=1");

        assertThat(texts(now.path("columns"), "name")).containsExactly("id", "title", "at");
        assertThat(now.path("rows")).hasSize(34);
        assertThat(now.path("rows").path(33).toString()).isEqualTo("[99,\"n99\",\"2024-02-29T12:30:00.500\"]");
        assertThat(texts(before.path("columns"), "name")).containsExactly("id", "name", "at");
        assertThat(before.path("rows")).hasSize(100);
        assertThat(get("/raw.deleted").at("/state/rows").asLong()).isEqualTo(34);
        assertThat(get("/raw.deleted").at("/state/table_features").toString()).contains("deletionVectors");
    }

    @Test
    void partitionColumnsAreReadFromTheLog() {
        JsonNode rows = get("/raw.events/rows?columns=day&limit=1");

        assertThat(rows.path("rows").toString()).isEqualTo("[[\"we d\"]]");
        assertThat(rows.path("more").asBoolean()).isTrue();
        assertThat(rows.path("columns_left_out").asInt()).isEqualTo(1);
        assertThat(get("/raw.events").at("/state/partition_columns").toString()).isEqualTo("[\"day\"]");
    }

    @Test
    void everyTypeIsShownWithoutLoss() {
        JsonNode answer = get("/raw.types/rows");
        JsonNode first = answer.path("rows").path(0);

        assertThat(first.toString())
                .startsWith("[\"9007199254740993\",true,-128,32767,-7,0.1,1.0E300,\"1234567890.12\",\"0.0000000001\","
                        + "\"Žluťoučký 🐎\\n\",")
                .endsWith(",\"1969-12-31\",\"2024-02-29T12:30:15.123456Z\",[1.5,null,\"Infinity\"],"
                        + "{\"x\":3,\"names\":[\"a\",null]},{\"b\":2,\"a\":null}]");
        JsonNode second = answer.path("rows").path(1);
        assertThat(second.path(5).asText()).isEqualTo("NaN");
        assertThat(second.path(6).asText()).isEqualTo("-Infinity");
        assertThat(second.path(8).asText()).isEqualTo("-12345678901234567890.5000000000");
        assertThat(second.path(12).asText()).isEqualTo("1900-01-01T00:00:00Z");
        assertThat(answer.path("rows").path(2).toString()).isEqualTo("[3" + ",null".repeat(15) + "]");
    }

    @Test
    void longValuesAreCutAndItIsTold() {
        JsonNode answer = get("/raw.types/rows?columns=text,bytes,items,whole");

        assertThat(answer.path("rows").path(1).path(0).asText()).isEqualTo("x".repeat(1_000) + "…");
        assertThat(answer.path("rows").path(1).path(2)).hasSize(100);
        assertThat(answer.path("rows").path(0).path(1).asText()).hasSize(513).endsWith("…");
        TreeSet<String> cut = new TreeSet<>();
        answer.path("cut").forEach(column -> cut.add(column.asText()));
        assertThat(cut).containsExactly("bytes", "items", "text");
    }

    @Test
    void historyIsPagedAndNamesTheRuns() {
        JsonNode first = get("/raw.events/history?max_results=3");
        JsonNode second = get("/raw.events/history?max_results=3&page_token="
                + first.path("next_page_token").asText());

        assertThat(texts(first.path("commits"), "version")).containsExactly("4", "3", "2");
        assertThat(texts(second.path("commits"), "version")).containsExactly("1", "0");
        assertThat(second.has("next_page_token")).isFalse();
        JsonNode replaced = first.path("commits").path(2);
        assertThat(replaced.at("/maker/run_id").asText()).isEqualTo("0123456789abcdef0123456789abcde3");
        assertThat(replaced.at("/maker/job").asText()).isEqualTo("dedup");
        assertThat(replaced.path("replaces_all").asBoolean()).isTrue();
        assertThat(replaced.path("rows").asLong()).isEqualTo(4);
        assertThat(first.path("commits").path(0).path("data_change").asBoolean())
                .isFalse();
        assertThat(first.path("commits").path(1).has("maker")).isFalse();
    }

    @Test
    void aLogWhoseBeginningWasCleanedIsReadFromItsCheckpoint() throws IOException {
        for (int version = 0; version <= 3; version++) Files.delete(LakeFolder.log(LAKE.lake(), "raw.events", version));

        assertThat(get("/raw.events/rows").path("rows")).hasSize(5);
        assertThat(get("/raw.events").at("/versions/oldest").asLong()).isEqualTo(4);
        assertThat(texts(get("/raw.events/history").path("commits"), "version")).containsExactly("4");
        assertThat(refused("/raw.events/rows?version=2", 400)).contains("raw.events", "version 2");
    }

    @Test
    void aHalfWrittenLogIsToldAndOthersAreStillListed() throws IOException {
        Path log = LakeFolder.log(LAKE.lake(), "raw.events", 4);
        byte[] whole = Files.readAllBytes(log);
        Files.write(log, java.util.Arrays.copyOf(whole, whole.length - 40));

        assertThat(refused("/raw.events/history", 400)).contains("version 4", "half written");
        assertThat(listed("raw.events").path("problem").asText()).contains("half written");
        assertThat(listed("raw.types").path("rows").asLong()).isEqualTo(3);
    }

    @Test
    void damagedFilesAreTheTablesFaultAndNotOurs() throws IOException {
        Path folder = LAKE.lake().resolve("raw/types");
        Path data;
        try (var files = Files.list(folder)) {
            data = files.filter(file -> file.toString().endsWith(".parquet"))
                    .findFirst()
                    .orElseThrow();
        }
        Files.writeString(data, "no Parquet");
        String damaged = refused("/raw.types/rows", 400);
        Files.delete(data);
        String missing = refused("/raw.types/rows", 400);
        Files.createDirectories(LAKE.lake().resolve("raw/begun/_delta_log"));
        Files.writeString(
                LakeFolder.log(LAKE.lake(), "features.daily", 1), "{\"metaData\":{\"schemaString\":\"[\"}}\n");

        assertThat(damaged).contains("`raw.types` cannot be read at version 0");
        assertThat(missing).contains("is missing").doesNotContain(LAKE.home().toString());
        assertThat(refused("/raw.begun", 400)).contains("has no commit");
        assertThat(refused("/features.daily", 400)).contains("`features.daily` cannot be read at version 1");
        assertThat(listed("features.daily").path("problem").asText()).contains("cannot be read");
    }

    @Test
    void whatIsNotThereIsSaid() {
        assertThat(refused("/raw.nothing", 404)).contains("no table `raw.nothing`");
        assertThat(refused("/raw.events?version=9", 404)).contains("versions 0 to 4");
        assertThat(refused("/raw.events/rows?columns=id,nope", 400)).contains("no column `nope`", "id, day");
        assertThat(refused("/raw.events/rows?limit=501", 400)).contains("1 to 500");
        assertThat(refused("/raw.events/rows?version=-1", 400)).contains("whole number");
        assertThat(refused("/raw.events?verison=1", 400)).contains("`verison` is no parameter");
    }

    @Test
    void namesAndLinksDoNotLeadOutOfTheLake() throws IOException {
        Path outside = LakeFolder.in(LAKE.outside());
        Files.createSymbolicLink(LAKE.lake().resolve("raw/linked"), outside.resolve("raw/events"));
        Files.createSymbolicLink(LAKE.lake().resolve("other"), outside.resolve("raw"));
        Files.delete(LakeFolder.log(LAKE.lake(), "raw.events", 1));
        Files.createSymbolicLink(
                LakeFolder.log(LAKE.lake(), "raw.events", 1), LakeFolder.log(outside, "raw.events", 1));

        assertThat(texts(get("").path("tables"), "table")).doesNotContain("raw.linked", "other.events");
        assertThat(refused("/raw.linked", 404)).contains("no table");
        assertThat(refused("/other.events", 404)).contains("no table");
        assertThat(refused("/raw.events", 400)).contains("is a link");
        for (String name : List.of("..%2fraw.events", "raw.events%2f..", "raw", "_runs.x", "raw..events", "%2e%2e.x")) {
            refused("/" + name, 400);
        }
    }

    @Test
    void aLogThatNamesAFileOutsideIsRefused() throws IOException {
        Path outside = LakeFolder.in(LAKE.outside());
        Path log = LakeFolder.log(LAKE.lake(), "raw.types", 0);
        String text = Files.readString(log);
        String file = text.replaceAll("(?s).*\"add\":\\{\"path\":\"([^\"]+)\".*", "$1");
        Files.writeString(
                log,
                text.replace(file, outside.resolve("raw/types/" + file).toUri().toString()));
        String absolute = refused("/raw.types/rows", 400);
        Files.writeString(log, text.replace(file, "../../../outside/raw/types/" + file));
        String climbing = refused("/raw.types/rows", 400);
        Files.writeString(log, text);
        Files.delete(LAKE.lake().resolve("raw/types").resolve(file));
        Files.createSymbolicLink(
                LAKE.lake().resolve("raw/types").resolve(file),
                outside.resolve("raw/types").resolve(file));

        assertThat(absolute).contains("outside the lake");
        assertThat(climbing).contains("outside the lake");
        assertThat(refused("/raw.types/rows", 400)).contains("outside the lake");
    }

    @Test
    void thousandsOfVersionsAreListedByTheirNames() throws IOException {
        String commit = Files.readString(LakeFolder.log(LAKE.lake(), "raw.events", 3));
        for (int version = 5; version < 2_000; version++) {
            Files.writeString(
                    LakeFolder.log(LAKE.lake(), "raw.events", version),
                    "{\"commitInfo\":{\"timestamp\":" + version + ",\"operation\":\"OPTIMIZE\"}}\n",
                    StandardOpenOption.CREATE_NEW);
        }
        Files.writeString(LakeFolder.log(LAKE.lake(), "raw.events", 2_000), commit.replace("part-", "party-"));

        JsonNode page = get("/raw.events/history?max_results=500");
        assertThat(page.path("commits")).hasSize(500);
        assertThat(page.path("next_page_token").asText()).isEqualTo("1501");
        assertThat(page.at("/versions/count").asLong()).isEqualTo(2_001);
        assertThat(get("/raw.events?version=1999").at("/state/rows").asLong()).isEqualTo(5);
    }

    @Test
    void aServerWithoutALakeSaysWhatToSet(@TempDir Path empty) {
        try (TestServer without =
                TestServer.start(empty, "--lake", empty.resolve("nowhere").toString())) {
            JsonNode list = without.getPath("/api/v1/tables").json();
            Answer one = without.getPath("/api/v1/tables/raw.events");

            assertThat(list.path("exists").asBoolean()).isFalse();
            assertThat(list.path("lake").asText())
                    .isEqualTo(empty.resolve("nowhere").toString());
            assertThat(one.status()).isEqualTo(404);
            assertThat(one.json().path("detail").asText()).contains("--lake DIR");
        }
    }
}
