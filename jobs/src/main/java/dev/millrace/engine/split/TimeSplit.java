package dev.millrace.engine.split;

import dev.millrace.platform.error.ErrorKind;
import dev.millrace.platform.error.MillraceException;
import dev.millrace.platform.table.Columns;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.functions;
import org.apache.spark.sql.types.DataTypes;

/**
 * A split by time with its moments: training rows in [trainFrom, testFrom − gap), test rows in [testFrom, testTo).
 *
 * @param rows what is split
 * @param testKnown labels of the test rows count up to here; empty: all
 */
record TimeSplit(
        Dataset<Row> rows,
        Split.ByTime by,
        Optional<Instant> trainFrom,
        Instant testFrom,
        Optional<Instant> testTo,
        Optional<Instant> testKnown) {

    /** Rows of an hour. */
    private record Hour(Instant start, long rows) {}

    /** @throws MillraceException SCHEMA_MISMATCH when no row has a time */
    static TimeSplit of(Dataset<Row> rows, Split.ByTime by) {
        if (by.testFrom().isPresent()) {
            return new TimeSplit(rows, by, by.trainFrom(), by.testFrom().get(), by.testTo(), Optional.empty());
        }
        List<Hour> hours = hours(rows, by, by.trainFrom(), Optional.empty());
        if (hours.isEmpty()) {
            throw new MillraceException(
                    ErrorKind.SCHEMA_MISMATCH,
                    "`split.column` (" + by.column() + ") is NULL in every row. Use another column.");
        }
        Instant end = hours.get(0).start().plus(Duration.ofHours(1));
        Optional<Instant> from = by.newest().map(end::minus).or(by::trainFrom);
        List<Hour> wanted = hours.stream()
                .filter(hour -> from.isEmpty() || !hour.start().isBefore(from.get()))
                .toList();
        return new TimeSplit(rows, by, from, cut(wanted, by.testShare()), by.testTo(), Optional.empty());
    }

    /**
     * Divides the training rows: the newest are held out, the same gap lies before them, and their labels count as they
     * were known when the test rows begin.
     *
     * @throws MillraceException CONFIG when all training rows lie in one hour
     */
    TimeSplit validation(double share) {
        List<Hour> hours = hours(rows, by, trainFrom, Optional.of(trainTo()));
        Instant from = hours.isEmpty() ? trainTo() : cut(hours, share);
        boolean nothingBefore =
                hours.isEmpty() || !hours.get(hours.size() - 1).start().isBefore(from.minus(gap()));
        if (nothingBefore) {
            throw new MillraceException(
                    ErrorKind.CONFIG,
                    "The training rows before " + trainTo() + " cover too few hours to hold out the newest " + share
                            + " of them after a gap of " + gap()
                            + ". Move `test-from`, or lower `gap` or `validation-share`.");
        }
        return new TimeSplit(rows, by, trainFrom, from, Optional.of(trainTo()), Optional.of(testFrom));
    }

    private Duration gap() {
        return by.gap().orElse(Duration.ZERO);
    }

    private Instant trainTo() {
        return testFrom.minus(gap());
    }

    Splits.Plan plan() {
        Column time = time(by);
        Column train = time.lt(functions.lit(trainTo()));
        if (trainFrom.isPresent()) train = train.and(time.geq(functions.lit(trainFrom.get())));
        Column test = time.geq(functions.lit(testFrom));
        if (testTo.isPresent()) test = test.and(time.lt(functions.lit(testTo.get())));
        return new Splits.Plan(
                functions.when(train, Splits.TRAIN).when(test, Splits.TEST), Optional.of(testFrom), testKnown);
    }

    private static Column time(Split.ByTime by) {
        return Columns.named(by.column()).cast(DataTypes.TimestampType);
    }

    /** Newest first. Collects a row per hour. */
    private static List<Hour> hours(Dataset<Row> rows, Split.ByTime by, Optional<Instant> from, Optional<Instant> to) {
        Column time = time(by);
        Column wanted = time.isNotNull();
        if (from.isPresent()) wanted = wanted.and(time.geq(functions.lit(from.get())));
        if (to.isPresent()) wanted = wanted.and(time.lt(functions.lit(to.get())));
        return rows
                .where(wanted)
                .groupBy(functions.date_trunc("hour", time).as("hour"))
                .count()
                .orderBy(functions.col("hour").desc())
                .collectAsList()
                .stream()
                .map(row -> new Hour(row.getInstant(0), row.getLong(1)))
                .toList();
    }

    /** The full hour from which on at least this share of the rows lies. */
    private static Instant cut(List<Hour> hours, double share) {
        long all = hours.stream().mapToLong(Hour::rows).sum();
        long newer = 0;
        for (Hour hour : hours) {
            newer += hour.rows();
            if (newer >= share * all) return hour.start();
        }
        throw new AssertionError("The hours together hold all rows");
    }
}
