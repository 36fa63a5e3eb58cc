package dev.millrace.engine.profile;

import dev.millrace.engine.scan.OnePass;
import dev.millrace.platform.table.Columns;
import java.io.Serializable;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.types.BooleanType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;

/**
 * Counts columns into their bins, per window and slice: one pass over the rows, no shuffle. Memory per task: 2 KiB for
 * each group and column.
 *
 * @param bins what to count
 * @param slices columns whose values are slices
 * @param windows how rows fall into windows; empty = no windows
 */
public record BinCounting(List<ColumnBins> bins, List<String> slices, Optional<Windows> windows) {

    /**
     * Windows of one length, in UTC; those of whole weeks begin on Mondays.
     *
     * @param timeColumn TIMESTAMP or DATE
     */
    public record Windows(String timeColumn, Duration length) implements Serializable {
        private static final long MONDAY = Duration.ofDays(4).toMillis() * 1000; // 1970-01-05

        long lengthMicros() {
            return length.toMillis() * 1000;
        }

        /** Start of the window of a moment, microseconds. */
        public long start(long micros) {
            long origin = length.toDays() % 7 == 0 && length.toDays() > 0 ? MONDAY : 0;
            return Math.floorDiv(micros - origin, lengthMicros()) * lengthMicros() + origin;
        }

        /** Start of the next. */
        public long end(long startMicros) {
            return startMicros + lengthMicros();
        }
    }

    public BinCounting {
        bins = List.copyOf(bins);
        slices = List.copyOf(slices);
    }

    /** @param rows has the columns of the bins, the slices and the time */
    public GroupCounts of(Dataset<Row> rows) {
        StructType schema = rows.schema();
        List<Column> columns = new ArrayList<>();
        for (ColumnBins column : bins) {
            Column named = Columns.named(column.column());
            if (!column.isNumber()) columns.add(named.cast(DataTypes.StringType));
            else if (schema.apply(column.column()).dataType() instanceof BooleanType) {
                columns.add(named.cast(DataTypes.IntegerType).cast(DataTypes.DoubleType));
            } else columns.add(named.cast(DataTypes.DoubleType));
        }
        for (String slice : slices) columns.add(Columns.named(slice).cast(DataTypes.StringType));
        windows.ifPresent(each -> columns.add(Columns.named(each.timeColumn()).cast(DataTypes.TimestampType)));
        List<Column> numbered = new ArrayList<>();
        for (int i = 0; i < columns.size(); i++) numbered.add(columns.get(i).as("c" + i));
        Dataset<Row> ready = rows.select(numbered.toArray(Column[]::new));
        CountSummary summary = new CountSummary(
                bins,
                slices,
                windows.map(Windows::timeColumn).isPresent(),
                windows.orElse(new Windows("", Duration.ofDays(1))));
        return summary.result(OnePass.over(ready, summary));
    }
}
