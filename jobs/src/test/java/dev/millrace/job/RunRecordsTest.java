package dev.millrace.job;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.millrace.platform.error.ErrorKind;
import dev.millrace.platform.error.MillraceException;
import dev.millrace.platform.run.Interval;
import dev.millrace.platform.run.RunRecord;
import dev.millrace.platform.run.RunRecords;
import dev.millrace.platform.table.CountingFileSystem;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RunRecordsTest {
    @TempDir
    private Path lake;

    private static RunRecord record(String run, String fingerprint, long endedAt) {
        return new RunRecord(run, "train", fingerprint, "", List.of("raw.x@3"), List.of("model:fraud/2"), endedAt);
    }

    @Test
    void recordsAreReadBackTheNewestFirst() {
        RunRecords records = new RunRecords(lake.toString(), new Configuration());
        assertThat(records.all()).isEmpty();
        RunRecord old = record("a", "f1", 1);
        RunRecord young = record("b", "f1", 2);

        records.add(old);
        records.add(young);

        assertThat(records.all()).containsExactly(young, old);
        assertThat(records.find("train", "f1")).contains(young);
        assertThat(records.find("train", "f2")).isEmpty();
        assertThat(records.find("score", "f1")).isEmpty();
    }

    @Test
    void aRunIsFoundAmongManyByOpeningTwoFiles() {
        RunRecords records =
                new RunRecords(CountingFileSystem.at(lake.resolve("many")), CountingFileSystem.configuration());
        for (int i = 0; i < 300; i++) records.add(record("run" + i, "f" + i, i));
        CountingFileSystem.reset();

        assertThat(records.find("train", "f7"))
                .get()
                .extracting(RunRecord::runId)
                .isEqualTo("run7");
        assertThat(records.byId("run299")).isPresent();
        assertThat(records.newest("train", Optional.empty()))
                .get()
                .extracting(RunRecord::runId)
                .isEqualTo("run299");
        assertThat(records.newest("train", Optional.of("raw.y"))).isEmpty();
        assertThat(records.find("train", "f300")).isEmpty();
        assertThat(CountingFileSystem.LISTS).hasValue(0);
        assertThat(CountingFileSystem.CALLS).hasValueLessThanOrEqualTo(20);
    }

    @Test
    void aRecordHalfWrittenByAKillIsNotSeen() throws Exception {
        RunRecords records = new RunRecords(lake.toString(), new Configuration());
        records.add(record("a", "f", 1));
        Files.writeString(lake.resolve("_runs/.b.part"), "{\"run_id\":");

        assertThat(records.all()).hasSize(1);
    }

    @Test
    void aLakeThatCannotBeWrittenSaysSo() throws Exception {
        Files.writeString(lake.resolve("_runs"), "a file");
        RunRecords records = new RunRecords(lake.toString(), new Configuration());

        assertThatThrownBy(() -> records.add(record("a", "f", 1)))
                .isInstanceOfSatisfying(MillraceException.class, refused -> assertThat(refused.kind())
                        .isEqualTo(ErrorKind.OUTPUT_UNWRITABLE));
    }

    @Test
    void anIntervalIsHalfOpen() {
        Interval day = new Interval(Instant.parse("2026-01-01T00:00:00Z"), Instant.parse("2026-01-02T00:00:00Z"));

        assertThat(day.where("`at`"))
                .isEqualTo("`at` >= TIMESTAMP '2026-01-01T00:00:00Z' AND `at` < TIMESTAMP '2026-01-02T00:00:00Z'");
        assertThat(day).hasToString("2026-01-01T00:00:00Z/2026-01-02T00:00:00Z");
        assertThatThrownBy(() -> new Interval(day.end(), day.start())).hasMessageContaining("before it begins");
        assertThatThrownBy(() -> new Interval(day.end(), day.end())).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void aFingerprintDependsOnEverythingButTheOrderOfKeys() {
        Map<String, Object> section = new LinkedHashMap<>(Map.of("a", 1L));
        section.put("b", Map.of("c", List.of("x", "y")));
        Map<String, Object> turned = new LinkedHashMap<>();
        turned.put("b", Map.of("c", List.of("x", "y")));
        turned.put("a", 1L);
        String print = Fingerprint.of(section, List.of("raw.x#id@1"), "", 42, "1");

        assertThat(print).matches("[0-9a-f]{64}").isEqualTo(Fingerprint.of(turned, List.of("raw.x#id@1"), "", 42, "1"));
        assertThat(List.of(
                        Fingerprint.of(Map.of("a", 1L), List.of("raw.x#id@1"), "", 42, "1"),
                        Fingerprint.of(section, List.of("raw.x#id@2"), "", 42, "1"),
                        Fingerprint.of(section, List.of("raw.x#id@1"), "i", 42, "1"),
                        Fingerprint.of(section, List.of("raw.x#id@1"), "", 43, "1"),
                        Fingerprint.of(section, List.of("raw.x#id@1"), "", 42, "2")))
                .doesNotContain(print)
                .doesNotHaveDuplicates();
    }
}
