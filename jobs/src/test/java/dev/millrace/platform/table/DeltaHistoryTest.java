package dev.millrace.platform.table;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.OptionalLong;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** A table of 20,000 commits, of which the first 500 were cleaned away, costs what a small one costs. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class DeltaHistoryTest {
    private static final int COMMITS = 20_000;
    private static final int CLEANED = 500;
    private static final Instant FIRST = Instant.parse("2026-01-01T00:00:00Z");

    private DeltaHistory history;

    @BeforeAll
    void write(@TempDir Path folder) throws IOException {
        Path log = Files.createDirectories(folder.resolve("_delta_log"));
        for (int version = CLEANED; version < COMMITS; version++) {
            Files.writeString(
                    log.resolve(String.format("%020d.json", version)),
                    "{\"commitInfo\":{\"timestamp\":"
                            + FIRST.plusSeconds(version).toEpochMilli()
                            + ",\"operation\":\"WRITE\"}}\n{\"add\":{\"path\":\"x\",\"dataChange\":true}}\n");
        }
        history = new DeltaHistory(CountingFileSystem.at(folder), CountingFileSystem.configuration(), COMMITS - 1);
    }

    @BeforeEach
    void reset() {
        CountingFileSystem.reset();
    }

    @Test
    void theNewestCommitsAreReadOneByOne() {
        assertThat(history.newestFirst().limit(3).map(DeltaHistory.Entry::version))
                .containsExactly(19_999L, 19_998L, 19_997L);

        assertFlat(8);
    }

    @Test
    void theStreamEndsAtTheOldestThatIsThere() {
        assertThat(history.upTo(CLEANED + 1).map(DeltaHistory.Entry::version)).containsExactly(501L, 500L);

        assertFlat(8);
    }

    @Test
    void theVersionAsOfAMomentIsFoundByBisection() {
        assertThat(history.asOf(FIRST.plusSeconds(12_345))).isEqualTo(OptionalLong.of(12_345));
        assertThat(history.asOf(FIRST.plusSeconds(99_999))).isEqualTo(OptionalLong.of(19_999));
        assertThat(history.asOf(FIRST.plusSeconds(CLEANED))).isEqualTo(OptionalLong.of(CLEANED));
        assertThat(history.asOf(FIRST.plusSeconds(CLEANED).minusMillis(1))).isEmpty();

        assertFlat(4 * 70);
    }

    @Test
    void aVersionIsThereOrNotByOneLookUp() {
        assertThat(history.has(19_999)).isTrue();
        assertThat(history.has(20_000)).isFalse();
        assertThat(history.has(CLEANED - 1)).isFalse();
        assertThat(history.oldest()).isEqualTo(CLEANED);

        assertFlat(40);
    }

    private static void assertFlat(int calls) {
        assertThat(CountingFileSystem.LISTS).hasValue(0);
        assertThat(CountingFileSystem.CALLS).hasValueLessThanOrEqualTo(calls);
    }
}
