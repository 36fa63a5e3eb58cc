package dev.millrace.engine.simulate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class CardSimulatorTest {
    private static final Instant START = Instant.parse("2026-01-01T00:00:00Z");
    private static final Instant DRIFT = Instant.parse("2026-03-01T00:00:00Z");
    private static final int ROWS = 200_000;

    private static final List<CardTransaction> ALL = all(42);

    private static List<CardTransaction> all(long seed) {
        CardSimulation world = new CardSimulation(
                seed,
                ROWS,
                2_000,
                400,
                START,
                90,
                0.01,
                0.02,
                0.005,
                0.01,
                new CardSimulation.Drift(DRIFT, 1.5, 0.3, 1, true));
        CardSimulator simulator = new CardSimulator(world);
        List<CardTransaction> rows = new ArrayList<>();
        for (long block = 0; block < CardSimulator.blocks(world); block++) rows.addAll(simulator.block(block));
        return rows;
    }

    private static List<CardTransaction> originals() {
        return ALL.stream().filter(row -> !row.duplicate()).toList();
    }

    @Test
    void everyIdFromOneToTheNumberOfRowsOccursOnce() {
        HashSet<Long> ids = new HashSet<>();
        originals().forEach(row -> ids.add(row.id()));

        assertThat(originals()).hasSize(ROWS);
        assertThat(ids).hasSize(ROWS).contains(1L, (long) ROWS);
    }

    @Test
    void anotherSeedGivesAnotherWorldAndTheSameSeedTheSame() {
        assertThat(all(42)).isEqualTo(ALL);
        assertThat(all(43)).isNotEqualTo(ALL);
    }

    @Test
    void ordersOfMagnitudeAreThoseAskedFor() {
        double before = share(false, Optional.empty());

        assertThat(before).isBetween(0.006, 0.014);
        assertThat(ALL.size() - ROWS).isBetween((int) (0.004 * ROWS), (int) (0.006 * ROWS));
        assertThat(originals().stream()
                        .filter(row -> row.receivedSecond() - row.eventSecond()
                                >= Duration.ofDays(1).toSeconds())
                        .count())
                .isBetween((long) (0.018 * ROWS), (long) (0.022 * ROWS));
        assertThat(originals().stream().filter(row -> row.city() == null).count())
                .isBetween((long) (0.008 * ROWS), (long) (0.012 * ROWS));
    }

    private static double share(boolean drifted, Optional<CardTransaction.Scenario> kind) {
        List<CardTransaction> rows = originals().stream()
                .filter(row -> row.eventSecond() >= DRIFT.getEpochSecond() == drifted)
                .toList();
        return (double) rows.stream()
                        .filter(row -> kind.isEmpty()
                                ? row.scenario().isPresent()
                                : row.scenario().equals(kind))
                        .count()
                / rows.size();
    }

    @Test
    void everyKindOfFraudOccursAndCardTestingOnlyAfterTheDrift() {
        for (CardTransaction.Scenario kind : CardTransaction.Scenario.values()) {
            assertThat(share(true, Optional.of(kind))).as(kind.name()).isGreaterThan(0.0005);
        }
        assertThat(share(false, Optional.of(CardTransaction.Scenario.CARD_TESTING)))
                .isZero();
        assertThat(share(false, Optional.of(CardTransaction.Scenario.LARGE_AMOUNT)))
                .isGreaterThan(share(true, Optional.of(CardTransaction.Scenario.LARGE_AMOUNT)));
    }

    @Test
    void amountsAndChannelsShiftAtTheDrift() {
        assertThat(meanAmount(true) / meanAmount(false)).isCloseTo(1.6, within(0.25));
        assertThat(online(true) - online(false)).isGreaterThan(0.15);
    }

    private static double meanAmount(boolean drifted) {
        return originals().stream()
                .filter(row -> row.eventSecond() >= DRIFT.getEpochSecond() == drifted
                        && row.scenario().isEmpty()
                        && !Double.isNaN(row.amount()))
                .mapToDouble(CardTransaction::amount)
                .average()
                .orElseThrow();
    }

    private static double online(boolean drifted) {
        List<CardTransaction> rows = originals().stream()
                .filter(row -> row.eventSecond() >= DRIFT.getEpochSecond() == drifted)
                .toList();
        return (double) rows.stream()
                        .filter(row -> "online".equals(row.channel()))
                        .count()
                / rows.size();
    }

    @Test
    void nightsAreQuietAndSaturdaysBusy() {
        long[] hours = new long[24];
        long[] days = new long[7];
        for (CardTransaction row : originals()) {
            hours[(int) (row.eventSecond() / 3600 % 24)]++;
            days[(int) (row.eventSecond() / 86400 % 7)]++; // 0 is a Thursday
        }

        assertThat(hours[13]).isGreaterThan(5 * hours[3]);
        assertThat(days[2]).isGreaterThan(days[3] * 5 / 4);
    }

    @Test
    void labelsArriveDaysLaterAndRecordsAfterTheEvent() {
        assertThat(ALL).allSatisfy(row -> {
            assertThat(row.labelSecond() - row.eventSecond()).isBetween(86_400L, 22 * 86_400L);
            assertThat(row.receivedSecond()).isGreaterThan(row.eventSecond());
            assertThat(row.eventSecond()).isGreaterThanOrEqualTo(START.getEpochSecond());
        });
    }
}
