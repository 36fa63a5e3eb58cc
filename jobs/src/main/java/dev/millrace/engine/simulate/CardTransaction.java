package dev.millrace.engine.simulate;

import java.util.Optional;

/**
 * One payment and, though nobody knows it yet, what it was. Seconds are since 1970, UTC.
 *
 * @param id distinct over the simulation; a duplicate has its original's
 * @param amount two decimals; NaN when missing
 * @param category of the merchant; null when missing, as are the next three
 * @param receivedSecond when the record arrives
 * @param scenario why it is fraud; empty for a genuine payment
 * @param labelSecond when it is known whether it was fraud
 * @param duplicate whether it was received before
 */
public record CardTransaction(
        long id,
        long eventSecond,
        long customer,
        long terminal,
        double amount,
        String category,
        String country,
        String city,
        String channel,
        long receivedSecond,
        Optional<Scenario> scenario,
        long labelSecond,
        boolean duplicate) {

    /** Kinds of fraud. */
    public enum Scenario {
        /** One payment far above the usual. */
        LARGE_AMOUNT,
        /** Most payments at a terminal for three weeks. */
        COMPROMISED_TERMINAL,
        /** Many payments of a customer for two weeks, several times the customer's usual amount, mostly online. */
        COMPROMISED_CUSTOMER,
        /** A burst of small online payments within two hours; begins with the drift. */
        CARD_TESTING
    }

    CardTransaction receivedAgain(long second) {
        return new CardTransaction(
                id,
                eventSecond,
                customer,
                terminal,
                amount,
                category,
                country,
                city,
                channel,
                second,
                scenario,
                labelSecond,
                true);
    }
}
