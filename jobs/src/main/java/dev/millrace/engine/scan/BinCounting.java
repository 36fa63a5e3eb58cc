package dev.millrace.engine.scan;

import dev.millrace.platform.error.MillraceException;
import dev.millrace.platform.table.Columns;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.Serializable;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.types.BooleanType;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;

/**
 * Counts columns into their bins, per window and slice, in one pass; no row is moved. Per row: one binary search or hash
 * look-up per column, and as many again per slice. Memory per task: about 5 KiB for each group and column, and never
 * more than {@link Scan} allows.
 *
 * @param bins what to count
 * @param slices columns whose values are slices
 * @param windows how rows fall into windows; empty = no windows
 */
public record BinCounting(List<ColumnBins> bins, List<String> slices, Optional<Windows> windows) {
    /** Values of a slice column, at most. */
    private static final int MAX_SLICES = 500;

    /**
     * How rows fall into windows.
     *
     * @param timeColumn TIMESTAMP or DATE
     */
    public record Windows(String timeColumn, Lengths lengths) implements Grouping.Windows {
        @Override
        public long start(long micros) {
            return lengths.start(micros);
        }

        /** Start of the next. */
        public long end(long startMicros) {
            return lengths.end(startMicros);
        }
    }

    /** Where windows begin and end, in microseconds since 1970. */
    public interface Lengths extends Serializable {
        /** Start of the window that a moment is in. */
        long start(long micros);

        /** Start of the window after the one that begins at {@code startMicros}. */
        long end(long startMicros);
    }

    public BinCounting {
        bins = List.copyOf(bins);
        slices = List.copyOf(slices);
    }

    /**
     * Runs the pass.
     *
     * @param rows has the columns of the bins, the slices and the time
     * @throws MillraceException SCHEMA_MISMATCH when a slice column has more than 500 values; CONFIG when there are more
     *     counts than the driver can hold
     */
    public GroupCounts of(Dataset<Row> rows) {
        List<Column> columns = new ArrayList<>();
        List<Summary> counters = new ArrayList<>();
        for (ColumnBins each : bins) {
            DataType type = read(rows.schema().apply(each.column()).dataType(), each);
            columns.add(Columns.named(each.column()).cast(type).as("c" + columns.size()));
            counters.add(new BinCounter.Type(each, NumberField.of(counters.size(), type)));
        }
        counters.add(RowCount.SUMMARY); // a group has rows also when no column is counted
        for (String slice : slices) {
            columns.add(Columns.named(slice).cast(DataTypes.StringType).as("c" + columns.size()));
        }
        windows.ifPresent(each -> columns.add(
                Columns.named(each.timeColumn()).cast(DataTypes.TimestampType).as("c" + columns.size())));
        Grouping grouping = new Grouping(
                slices,
                bins.size(),
                MAX_SLICES,
                windows.isPresent() ? bins.size() + slices.size() : -1,
                windows.map(Grouping.Windows.class::cast).orElse(Grouping.Windows.NONE));
        Scan scan = new Scan(counters, List.of(), grouping);
        try (Scanned scanned = scan.over(rows.select(columns.toArray(Column[]::new)))) {
            List<Scanned.Finished> finished = scanned.collect(new Counts(), remedy());
            return counts(finished, windows.isPresent() ? scanned.untimed() : 0);
        }
    }

    /** Whole numbers and decimals as they are, other numbers as DOUBLE, categories as text. */
    private static DataType read(DataType type, ColumnBins bins) {
        if (!bins.isNumber()) return DataTypes.StringType;
        if (type instanceof BooleanType) return DataTypes.LongType;
        return switch (ColumnKind.of(type)) {
            case INTEGER -> DataTypes.LongType;
            case DECIMAL -> type;
            case NUMBER, BOOLEAN, TEXT, TIME, OTHER -> DataTypes.DoubleType;
        };
    }

    private String remedy() {
        return windows.isEmpty()
                ? "Select fewer `slices`."
                : "Use a longer `granularity`, an interval (`--interval-start`, `--interval-end`), fewer `columns` or"
                        + " fewer `slices`.";
    }

    private record Counts() implements Scanned.Finish {
        @Override
        public byte[] of(Cell cell, Accumulator merged) {
            if (!(merged instanceof BinCounter counter)) return new byte[0];
            ByteArrayOutputStream bytes = new ByteArrayOutputStream();
            try {
                counter.result().write(new DataOutputStream(bytes));
            } catch (IOException impossible) {
                throw new UncheckedIOException(impossible);
            }
            return bytes.toByteArray();
        }
    }

    private GroupCounts counts(List<Scanned.Finished> finished, long untimed) {
        Map<GroupCounts.Group, List<Counted>> groups = new LinkedHashMap<>();
        Map<List<Object>, Integer> values = new HashMap<>();
        for (Scanned.Finished each : finished) { // by group, then by column
            Cell cell = each.cell();
            Optional<GroupCounts.Slice> slice = cell.isWhole()
                    ? Optional.empty()
                    : Optional.of(new GroupCounts.Slice(slices.get(cell.slice()), cell.value()));
            List<Counted> group =
                    groups.computeIfAbsent(new GroupCounts.Group(cell.window(), slice), unseen -> new ArrayList<>());
            if (cell.summary() < bins.size()) group.add(counted(each));
            boolean newValue = cell.summary() == bins.size() && !cell.isWhole();
            if (newValue && values.merge(List.of(cell.window(), cell.slice()), 1, Integer::sum) > MAX_SLICES) {
                throw Scan.tooManyValues(slices.get(cell.slice()), MAX_SLICES);
            }
        }
        return new GroupCounts(bins, groups, untimed);
    }

    private Counted counted(Scanned.Finished finished) {
        try {
            int cells = bins.get(finished.cell().summary()).cells();
            return Counted.read(new DataInputStream(new ByteArrayInputStream(finished.bytes())), cells);
        } catch (IOException broken) {
            throw new UncheckedIOException(broken);
        }
    }
}
