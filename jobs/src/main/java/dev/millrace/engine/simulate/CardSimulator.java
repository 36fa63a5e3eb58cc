package dev.millrace.engine.simulate;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * Makes the transactions of one block of customers at a time. Blocks are independent of each other and of how they are
 * spread over machines; a block costs the rows it makes. Not thread-safe; cheap to make.
 *
 * <p>Fraud comes in four kinds ({@link CardTransaction.Scenario}). Large amounts grow rarer over the simulated time and
 * compromised customers more frequent; card testing begins with the drift.
 */
public final class CardSimulator {
    /** Customers of a block. */
    private static final int BLOCK = 64;

    private static final long CUSTOMER = 1;
    private static final long PAYMENT = 3;
    private static final long PREFERRED = 4;
    private static final int PREFERRED_TERMINALS = 12;
    private static final long DAY = Calendar.DAY;

    /** Of the fraud before the drift: large amounts 20 %, terminals 45 %, customers 35 %. */
    private static final double LARGE = 0.20;

    private static final double AT_TERMINALS = 0.45;
    private static final double OF_CUSTOMERS = 0.35;
    /** Card testing adds this much, relative to the fraud before the drift. */
    private static final double TESTING = 0.4;
    /** Share of the payments in a spell that are fraud. */
    private static final double TERMINAL_HIT = 0.7;

    private static final double CUSTOMER_HIT = 0.4;
    private static final double TESTING_HIT = 0.5;
    private static final long BURST_SECONDS = 7_200;

    private final CardSimulation world;
    private final Terminals terminals;
    private final Calendar calendar;
    private final Spells terminalSpells;
    private final Spells customerSpells;
    private final Spells testingSpells;
    private final long driftSecond;
    private final long step;
    private final long shift;

    public CardSimulator(CardSimulation world) {
        this.world = world;
        this.terminals = new Terminals(world.seed(), world.terminals());
        this.calendar = new Calendar(world.start(), world.days());
        this.terminalSpells = new Spells(world.seed(), 11, 60 * DAY, 21 * DAY);
        this.customerSpells = new Spells(world.seed(), 12, 60 * DAY, 14 * DAY);
        this.testingSpells = new Spells(world.seed(), 13, 30 * DAY, 10 * DAY);
        this.driftSecond = world.drift().at().getEpochSecond();
        this.step = coprime(world.transactions());
        this.shift = Draws.of(world.seed(), PAYMENT, -1, -1).below(world.transactions());
    }

    /** How many blocks there are; they are numbered from 0. */
    public static long blocks(CardSimulation world) {
        return (world.customers() + BLOCK - 1) / BLOCK;
    }

    /** The transactions of a block, duplicates after their originals, in no other order. */
    public List<CardTransaction> block(long block) {
        long first = block * BLOCK;
        int size = (int) Math.min(BLOCK, world.customers() - first);
        long index = rowsBefore(first);
        int[] counts = counts(first, size, rowsBefore(first + size) - index);
        List<CardTransaction> rows = new ArrayList<>();
        for (int i = 0; i < size; i++) {
            Customer customer = customer(first + i);
            for (int k = 0; k < counts[i]; k++) addPayment(rows, customer, k, index++);
        }
        return rows;
    }

    private long rowsBefore(long customer) {
        return BigInteger.valueOf(customer)
                .multiply(BigInteger.valueOf(world.transactions()))
                .divide(BigInteger.valueOf(world.customers()))
                .longValueExact();
    }

    /** Shares {@code rows} among the customers by how active each is; the sum is exact. */
    private int[] counts(long first, int size, long rows) {
        double[] cumulative = new double[size + 1];
        for (int i = 0; i < size; i++) {
            cumulative[i + 1] = cumulative[i]
                    + Draws.of(world.seed(), CUSTOMER, first + i, 1).logNormal(1, 0.6);
        }
        int[] counts = new int[size];
        long before = 0;
        for (int i = 0; i < size; i++) {
            long until = Math.round(cumulative[i + 1] / cumulative[size] * rows);
            counts[i] = Math.toIntExact(until - before);
            before = until;
        }
        return counts;
    }

    private record Customer(long id, int city, double usualAmount, double online) {}

    private Customer customer(long id) {
        Draws draws = Draws.of(world.seed(), CUSTOMER, id, 0);
        double skewed = draws.uniform();
        int city = (int) (skewed * skewed * Terminals.cities());
        return new Customer(id, city, draws.logNormal(32, 0.5), draws.uniform(0.05, 0.35));
    }

    private void addPayment(List<CardTransaction> rows, Customer customer, long k, long index) {
        Draws draws = Draws.of(world.seed(), PAYMENT, customer.id(), k);
        long second = calendar.draw(draws);
        boolean drifted = second >= driftSecond;
        boolean online = draws.chance(customer.online())
                || (drifted && draws.chance(world.drift().onlineShift()));
        long terminal = terminal(draws, customer, online);
        double amount = genuineAmount(draws, customer, terminal, drifted);
        Optional<CardTransaction.Scenario> scenario = scenario(draws, customer.id(), terminal, second);
        if (scenario.isPresent()) {
            switch (scenario.get()) {
                case LARGE_AMOUNT -> amount = draws.uniform(180, 900);
                case COMPROMISED_TERMINAL -> {
                    // The thief buys what the customer would: only the terminal's past tells.
                }
                case COMPROMISED_CUSTOMER -> {
                    amount *= draws.uniform(2.5, 6);
                    if (draws.chance(0.6)) terminal = terminals.draw(draws, anyCity(draws), true);
                }
                case CARD_TESTING -> {
                    amount = draws.uniform(0.5, 6);
                    terminal = terminals.draw(draws, anyCity(draws), true);
                    second = burst(customer.id(), second) + draws.below(BURST_SECONDS);
                }
            }
        }
        Row row = new Row(index, second, customer.id(), terminal, Math.round(amount * 100) / 100.0, scenario);
        CardTransaction made = described(draws, row);
        rows.add(made);
        if (draws.chance(world.duplicateShare())) {
            rows.add(made.receivedAgain(made.receivedSecond() + 60 + draws.below(2 * DAY)));
        }
    }

    private static int anyCity(Draws draws) {
        return (int) draws.below(Terminals.cities());
    }

    /** Mostly one of the customer's own places, of the customer's city or online. */
    private long terminal(Draws draws, Customer customer, boolean online) {
        boolean known = draws.chance(0.8);
        long slot = draws.below(PREFERRED_TERMINALS);
        if (!known) return terminals.draw(draws, draws.chance(0.7) ? customer.city() : anyCity(draws), online);
        Draws preferred = Draws.of(world.seed(), PREFERRED, customer.id(), online ? slot + PREFERRED_TERMINALS : slot);
        return terminals.draw(preferred, customer.city(), online);
    }

    private double genuineAmount(Draws draws, Customer customer, long terminal, boolean drifted) {
        double amount = draws.logNormal(customer.usualAmount() * Terminals.price(terminals.category(terminal)), 0.45);
        if (draws.chance(0.004)) amount *= 5; // a sofa now and then, so that large is not the same as stolen
        if (drifted) amount *= world.drift().amountFactor();
        return Math.max(0.5, amount);
    }

    private Optional<CardTransaction.Scenario> scenario(Draws draws, long customer, long terminal, long second) {
        double rate = world.fraudRate();
        boolean drifted = second >= driftSecond;
        double known = drifted ? rate * world.drift().fraudFactor() : rate;
        double progress = calendar.progress(second);
        double hit = draws.uniform();
        if (drifted && world.drift().cardTesting()) {
            long begun = burst(customer, second);
            if (begun >= driftSecond && hit < TESTING_HIT) return Optional.of(CardTransaction.Scenario.CARD_TESTING);
        }
        if (hit < CUSTOMER_HIT && inCustomerSpell(customer, second, known * (0.6 + 0.8 * progress))) {
            return Optional.of(CardTransaction.Scenario.COMPROMISED_CUSTOMER);
        }
        if (hit < TERMINAL_HIT && inTerminalSpell(terminal, second, known)) {
            return Optional.of(CardTransaction.Scenario.COMPROMISED_TERMINAL);
        }
        if (draws.chance(LARGE * known * (1.4 - 0.8 * progress))) {
            return Optional.of(CardTransaction.Scenario.LARGE_AMOUNT);
        }
        return Optional.empty();
    }

    private boolean inCustomerSpell(long customer, long second, double rate) {
        return customerSpells
                .begunBefore(customer, second, OF_CUSTOMERS * rate / CUSTOMER_HIT)
                .isPresent();
    }

    private boolean inTerminalSpell(long terminal, long second, double rate) {
        return terminalSpells
                .begunBefore(terminal, second, AT_TERMINALS * rate / TERMINAL_HIT)
                .isPresent();
    }

    /** When the burst began that gathers the customer's payments of this time; before 1970 when there is none. */
    private long burst(long customer, long second) {
        OptionalLong begun = testingSpells.begunBefore(customer, second, TESTING * world.fraudRate() / TESTING_HIT);
        return begun.orElse(Long.MIN_VALUE);
    }

    private record Row(
            long index,
            long second,
            long customer,
            long terminal,
            double amount,
            Optional<CardTransaction.Scenario> scenario) {}

    private CardTransaction described(Draws draws, Row row) {
        String channel = terminals.isOnline(row.terminal()) ? "online" : cardChannel(draws);
        long delay = draws.chance(world.lateShare()) ? DAY + draws.below(2 * DAY) : 1 + draws.below(120);
        long toLabel = DAY + (long) (6 * DAY * draws.uniform() * (row.scenario().isPresent() ? draws.uniform() : 1));
        if (draws.chance(0.02)) toLabel += draws.below(14 * DAY);
        double missing = world.missingShare();
        return new CardTransaction(
                1 + scattered(row.index()),
                row.second(),
                row.customer(),
                row.terminal(),
                draws.chance(missing / 10) ? Double.NaN : row.amount(),
                draws.chance(missing) ? null : terminals.category(row.terminal()),
                draws.chance(missing) ? null : terminals.country(row.terminal()),
                draws.chance(missing) ? null : terminals.city(row.terminal()),
                draws.chance(missing) ? null : channel,
                row.second() + delay,
                row.scenario(),
                row.second() + toLabel,
                false);
    }

    private static String cardChannel(Draws draws) {
        double part = draws.uniform();
        if (part < 0.55) return "contactless";
        return part < 0.95 ? "chip" : "swipe";
    }

    /** A permutation of 0 … transactions − 1, so that an id does not tell the customer. */
    private long scattered(long index) {
        long n = world.transactions();
        return (Math.multiplyExact(step, index) % n + shift) % n;
    }

    /** Below 2^30 and 0.618 of the way round, so that neighbours part; one of a few tries has no factor in common. */
    private static long coprime(long n) {
        long candidate = Math.max(1, Math.min((long) (n * 0.6180339887), (1L << 30) - 1));
        while (!BigInteger.valueOf(candidate).gcd(BigInteger.valueOf(n)).equals(BigInteger.ONE)) candidate--;
        return candidate;
    }
}
