package dev.millrace.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;

class InterruptionTest {
    private final List<Interruption.Cause> causes = new ArrayList<>();
    private final AtomicBoolean sparkIsStopped = new AtomicBoolean();
    private final Interruption interruption = new Interruption();

    InterruptionTest() {
        interruption.whenInterrupted(causes::add);
        interruption.watch(sparkIsStopped::get);
    }

    @Test
    void aFailureWhileSparkWorksIsAFailure() {
        assertThat(interruption.hasBegun()).isFalse();
        assertThat(causes).isEmpty();
    }

    @Test
    void aStoppedSparkIsAnInterruptionWhichActsOnce() {
        sparkIsStopped.set(true);

        assertThat(interruption.hasBegun()).isTrue();
        assertThat(interruption.hasBegun()).isTrue();
        assertThat(causes).containsExactly(Interruption.Cause.CLUSTER);
    }

    @Test
    void theCommandsOwnEndStopsSparkToo() {
        interruption.finish();
        sparkIsStopped.set(true);

        assertThat(interruption.hasBegun()).isFalse();
        assertThat(causes).isEmpty();
    }
}
