package dev.millrace.registry.tracking;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

/** Oracle: what MLflow 3.17.2 answered, scripts/conformance.d/recorded/histories-of-many.json. */
class SamplingTest {
    private static List<Long> steps(long from, long to) {
        return LongStream.rangeClosed(from, to).boxed().toList();
    }

    @Test
    void theFirstAndTheLastStepAreKept() {
        assertThat(HistoryService.evenly(steps(0, 39), 5)).containsExactly(0L, 8L, 16L, 24L, 39L);
        assertThat(HistoryService.evenly(steps(0, 39), 3)).containsExactly(0L, 14L, 39L);
    }

    @Test
    void theFirstGroupsAreTheLongerOnes() {
        assertThat(HistoryService.evenly(steps(5, 30), 4)).containsExactly(5L, 12L, 19L, 30L);
        assertThat(HistoryService.evenly(steps(20, 24), 4)).containsExactly(20L, 22L, 23L, 24L);
    }

    @Test
    void oneStepIsTheLast() {
        assertThat(HistoryService.evenly(steps(0, 39), 1)).containsExactly(39L);
    }

    @Test
    void fewStepsAreAllKept() {
        assertThat(HistoryService.evenly(steps(1, 3), 3)).containsExactly(1L, 2L, 3L);
        assertThat(HistoryService.evenly(List.of(), 3)).isEmpty();
    }
}
