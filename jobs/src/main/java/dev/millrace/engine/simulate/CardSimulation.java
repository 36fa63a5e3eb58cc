package dev.millrace.engine.simulate;

import java.io.Serializable;
import java.time.Instant;

/**
 * What is simulated. Equal values give equal rows, on any machine and in any order.
 *
 * @param seed of every draw
 * @param transactions distinct transactions; duplicates come on top
 * @param start first moment
 * @param days of simulated time
 * @param fraudRate share of fraud before the drift, in expectation
 * @param lateShare share that is received one to three days later
 * @param duplicateShare share that is received twice
 * @param missingShare share of NULL in each of the descriptive columns; a tenth of it in {@code amount}
 * @param drift what changes at some moment; {@link Drift#NONE} when nothing does
 */
public record CardSimulation(
        long seed,
        long transactions,
        long customers,
        long terminals,
        Instant start,
        int days,
        double fraudRate,
        double lateShare,
        double duplicateShare,
        double missingShare,
        Drift drift)
        implements Serializable {
    private static final long serialVersionUID = 1L;

    /**
     * How the world changes.
     *
     * @param amountFactor genuine amounts are multiplied by it
     * @param onlineShift share of purchases that move to online terminals
     * @param fraudFactor the known kinds of fraud become this much more frequent
     * @param cardTesting whether a new kind of fraud begins: bursts of small online payments
     */
    public record Drift(Instant at, double amountFactor, double onlineShift, double fraudFactor, boolean cardTesting)
            implements Serializable {
        private static final long serialVersionUID = 1L;

        /** Never. */
        public static final Drift NONE = new Drift(Instant.MAX, 1, 0, 1, false);
    }
}
