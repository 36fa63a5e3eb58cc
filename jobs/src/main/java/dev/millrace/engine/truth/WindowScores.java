package dev.millrace.engine.truth;

import dev.millrace.engine.measure.Judged;
import dev.millrace.engine.measure.Scorecard;
import dev.millrace.engine.onnx.Target;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.TreeMap;
import org.apache.spark.api.java.function.MapFunction;
import org.apache.spark.api.java.function.MapGroupsFunction;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.api.java.UDF1;
import org.apache.spark.sql.functions;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.storage.StorageLevel;

/**
 * The scorecard of each window. A window is judged on its own rows: at most {@code limit}, those with
 * the smallest hashes. Only scorecards reach the driver.
 *
 * @param windows start of the window of a moment, both in microseconds
 * @param limit rows of a window that are judged at most
 */
public record WindowScores(Target target, Windows windows, long seed, int limit) {
    /** Column of the moment: TIMESTAMP, never NULL. */
    public static final String TIME = "_millrace_time";

    private static final String WINDOW = "_millrace_window";
    private static final String COUNT = "_millrace_count";
    /** From which probability on a row counts as positive. */
    private static final double THRESHOLD = 0.5;

    /** How moments fall into windows. */
    public interface Windows extends Serializable {
        long start(long micros);
    }

    /**
     * @param rows with {@link JudgedRows#TRUTH}, {@link JudgedRows#HASH}, the predictions and {@link #TIME}
     * @return per start of a window, microseconds; windows without a row that can be judged are not there. Only the
     *     newest has bootstrap intervals, which cost more than everything else.
     */
    public Map<Long, Scorecard> of(Dataset<Row> rows) {
        Windows starts = windows; // not the record: it is shipped
        UDF1<Long, Long> start = starts::start;
        Column micros = functions.unix_micros(functions.col(TIME));
        Column window = functions.udf(start, DataTypes.LongType).apply(micros);
        Dataset<Row> scored =
                JudgedRows.scored(rows, target, List.of(window.as(WINDOW))).persist(StorageLevel.MEMORY_AND_DISK());
        try {
            Dataset<Row> counts =
                    scored.groupBy(WINDOW).agg(functions.count(functions.lit(1)).as(COUNT));
            long newest = newest(counts);
            if (newest == Long.MIN_VALUE) return Map.of();
            Column passes = RowSample.passes(functions.col(JudgedRows.HASH), functions.col(COUNT), limit);
            return cards(
                    scored.join(functions.broadcast(counts), WINDOW)
                            .where(passes)
                            .select(scored.col("*")),
                    newest);
        } finally {
            scored.unpersist();
        }
    }

    private static long newest(Dataset<Row> counts) {
        Row newest = counts.agg(functions.max(WINDOW)).head();
        return newest.isNullAt(0) ? Long.MIN_VALUE : newest.getLong(0);
    }

    private Map<Long, Scorecard> cards(Dataset<Row> chosen, long newest) {
        MapFunction<Row, Long> window = row -> row.getLong(3);
        Map<Long, Scorecard> cards = new TreeMap<>();
        chosen.groupByKey(window, Encoders.LONG())
                .mapGroups(new Measured(target, newest, limit, seed), Encoders.javaSerialization(Card.class))
                .collectAsList()
                .forEach(card -> cards.put(card.window(), card.card()));
        return cards;
    }

    /** A scorecard on its way to the driver; public because encoders ask for it. */
    public record Card(long window, Scorecard card) implements Serializable {}

    /** Measures the rows of one window, at most {@code limit}. */
    private record Measured(Target target, long newest, int limit, long seed)
            implements MapGroupsFunction<Long, Row, Card> {
        @Override
        public Card call(Long window, Iterator<Row> rows) {
            Comparator<Row> byHash = Comparator.comparingLong(row -> row.getLong(0));
            PriorityQueue<Row> smallest = new PriorityQueue<>(byHash.reversed());
            while (rows.hasNext()) {
                smallest.add(rows.next());
                if (smallest.size() > limit) smallest.remove();
            }
            List<Row> sorted = new ArrayList<>(smallest);
            sorted.sort(byHash);
            Judged judged = JudgedRows.judged(sorted, target);
            Scorecard.Intervals intervals =
                    window == newest ? Scorecard.Intervals.ALL : Scorecard.Intervals.WITHOUT_BOOTSTRAP;
            return new Card(window, Scorecard.of(judged, THRESHOLD, seed, intervals));
        }
    }
}
