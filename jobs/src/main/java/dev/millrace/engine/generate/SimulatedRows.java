package dev.millrace.engine.generate;

import dev.millrace.engine.simulate.CardSimulation;
import dev.millrace.engine.simulate.CardSimulator;
import dev.millrace.engine.simulate.CardTransaction;
import java.io.Serializable;
import java.time.Instant;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.function.Function;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.apache.spark.api.java.function.MapPartitionsFunction;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;

/** The simulation as rows. No shuffle; a partition is a range of blocks of customers. */
public final class SimulatedRows {
    public static final String RECEIVED_AT = "received_at";
    public static final String ARRIVES_AT = "arrives_at";
    public static final String TRANSACTION_ID = "transaction_id";
    private static final String SCENARIO = "scenario";
    private static final long ROWS_PER_PARTITION = 250_000;

    private static final StructType TRANSACTIONS = new StructType()
            .add(TRANSACTION_ID, DataTypes.LongType)
            .add("event_time", DataTypes.TimestampType)
            .add("customer_id", DataTypes.LongType)
            .add("terminal_id", DataTypes.LongType)
            .add("amount", DataTypes.DoubleType)
            .add("category", DataTypes.StringType)
            .add("country", DataTypes.StringType)
            .add("city", DataTypes.StringType)
            .add("channel", DataTypes.StringType)
            .add(RECEIVED_AT, DataTypes.TimestampType);

    private static final StructType LABELS = new StructType()
            .add(TRANSACTION_ID, DataTypes.LongType)
            .add("is_fraud", DataTypes.IntegerType)
            .add(ARRIVES_AT, DataTypes.TimestampType)
            .add(SCENARIO, DataTypes.StringType);

    private SimulatedRows() {}

    /**
     * Transactions with their duplicates, in no order.
     *
     * @param blocks {@code id} of each block of customers, LONG, from 0
     */
    public static Dataset<Row> transactions(Dataset<Row> blocks, CardSimulation world) {
        return blocks.mapPartitions(new Simulate(world, SimulatedRows::transaction), Encoders.row(TRANSACTIONS));
    }

    /**
     * One label per transaction, in no order.
     *
     * @param blocks {@code id} of each block of customers, LONG, from 0
     * @param scenario with the kind of fraud, which no model may see
     */
    public static Dataset<Row> labels(Dataset<Row> blocks, CardSimulation world, boolean scenario) {
        Dataset<Row> labels = blocks.mapPartitions(new Simulate(world, SimulatedRows::label), Encoders.row(LABELS));
        return scenario ? labels : labels.drop(SCENARIO);
    }

    /** How many partitions the blocks should have. */
    public static int partitions(CardSimulation world, int parallelism) {
        long wanted = Math.max(parallelism, world.transactions() / ROWS_PER_PARTITION);
        return Math.toIntExact(Math.min(CardSimulator.blocks(world), wanted));
    }

    private interface ToRow extends Function<CardTransaction, Row>, Serializable {}

    private record Simulate(CardSimulation world, ToRow toRow) implements MapPartitionsFunction<Row, Row> {
        private static final long serialVersionUID = 1L;

        @Override
        public Iterator<Row> call(Iterator<Row> blocks) {
            CardSimulator simulator = new CardSimulator(world);
            Iterable<Row> once = () -> blocks;
            Stream<List<CardTransaction>> made =
                    StreamSupport.stream(once.spliterator(), false).map(block -> simulator.block(block.getLong(0)));
            return made.flatMap(List::stream)
                    .map(toRow)
                    .filter(Objects::nonNull)
                    .iterator();
        }
    }

    private static Row transaction(CardTransaction made) {
        return RowFactory.create(
                made.id(),
                Instant.ofEpochSecond(made.eventSecond()),
                made.customer(),
                made.terminal(),
                Double.isNaN(made.amount()) ? null : (Double) made.amount(),
                made.category(),
                made.country(),
                made.city(),
                made.channel(),
                Instant.ofEpochSecond(made.receivedSecond()));
    }

    /** Null for a duplicate: what was received twice is labelled once. */
    private static Row label(CardTransaction made) {
        if (made.duplicate()) return null;
        return RowFactory.create(
                made.id(),
                made.scenario().isPresent() ? 1 : 0,
                Instant.ofEpochSecond(made.labelSecond()),
                made.scenario()
                        .map(kind -> kind.name().toLowerCase(Locale.ROOT))
                        .orElse(null));
    }
}
