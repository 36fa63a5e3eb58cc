package dev.millrace.engine.monitor;

import dev.millrace.engine.scan.BinCounting;
import dev.millrace.platform.run.Interval;
import dev.millrace.platform.table.Columns;
import java.time.Instant;
import java.util.Optional;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.functions;
import org.apache.spark.sql.types.DataTypes;

/**
 * The windows to look at: an interval widened to whole windows. Without one, all.
 *
 * @param from start of the first, microseconds
 * @param to end of the last, microseconds
 */
public record Span(Optional<Long> from, Optional<Long> to) {
    /** The windows that {@code interval} touches. */
    public static Span of(Optional<Interval> interval, BinCounting.Windows windows) {
        if (interval.isEmpty()) return new Span(Optional.empty(), Optional.empty());
        long first = windows.start(micros(interval.get().start()));
        long last = windows.start(micros(interval.get().end()) - 1);
        return new Span(Optional.of(first), Optional.of(windows.end(last)));
    }

    private static long micros(Instant at) {
        return Math.addExact(Math.multiplyExact(at.getEpochSecond(), 1_000_000L), at.getNano() / 1000);
    }

    /** Rows of the span, and of the window before it when that is compared with. */
    Dataset<Row> of(Dataset<Row> rows, String timeColumn, MonitorDeclaration config) {
        if (from.isEmpty()) return rows;
        long first = config.baseline().isPrevious() ? config.granularity().previous(from.get()) : from.get();
        Column time = Columns.named(timeColumn).cast(DataTypes.TimestampType);
        return rows.where(time.geq(functions.lit(MonitorRows.instant(first)))
                .and(time.lt(functions.lit(MonitorRows.instant(to.orElseThrow())))));
    }
}
