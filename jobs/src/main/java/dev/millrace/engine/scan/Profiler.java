package dev.millrace.engine.scan;

import dev.millrace.platform.table.Columns;
import java.io.ByteArrayInputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.Serializable;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.functions;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructField;

/**
 * Profiles every column of a table in one pass; no row is moved. A slice doubles the work per row. Memory per task: some
 * ten MiB, see {@link Scan}; a sketch has about 100 KiB.
 *
 * @param slices columns whose values are profiled apart
 * @param sample rows of the table in the sample; slices have a sixteenth
 * @param seed of the sample
 * @param correlations whether to gather co-moments, of the first 64 numbers
 */
public record Profiler(List<String> slices, int sample, long seed, boolean correlations) {
    /** Values of a slice column, at most. */
    static final int MAX_SLICES = 100;

    private static final int MAX_CORRELATED = 64;
    private static final int SLICE_SAMPLE = 16;
    /** Bytes of the rows of the sample of all rows, and of those of all slices together. */
    private static final long SAMPLE_BYTES = 8L << 20;

    private static final long SLICE_BYTES = 16L << 20;

    public Profiler {
        slices = List.copyOf(slices);
    }

    /**
     * What is scanned, and where in a row and among the summaries it stands: the columns, the slices as text, the hash;
     * the columns' profiles, the sample of slices, then of all rows the sample and the co-moments.
     */
    record Layout(
            List<String> names,
            List<String> types,
            List<NumberField> fields,
            List<String> slices,
            int sample,
            List<NumberField> correlated)
            implements Serializable {

        Scan scan() {
            List<Summary> groups = new ArrayList<>();
            for (int i = 0; i < fields.size(); i++) groups.add(summary(i));
            if (!slices.isEmpty()) groups.add(sliceSample());
            List<Summary> all = List.of(wholeSample(), new Comoments.Type(correlated));
            return new Scan(
                    groups,
                    correlated.isEmpty() ? all.subList(0, 1) : all,
                    new Grouping(slices, fields.size(), MAX_SLICES, -1, Grouping.Windows.NONE));
        }

        Summary summary(int column) {
            return new ColumnProfile.Type(fields.get(column));
        }

        BottomRows.Type wholeSample() {
            return new BottomRows.Type(sample, SAMPLE_BYTES, hash());
        }

        private BottomRows.Type sliceSample() {
            long bytes = SLICE_BYTES / MAX_SLICES / Math.max(1, slices.size());
            return new BottomRows.Type(sample / SLICE_SAMPLE, bytes, hash());
        }

        private int hash() {
            return fields.size() + slices.size();
        }

        /** Groups have a sample when there are slices; that of all rows is a larger one, elsewhere. */
        boolean isSample(Cell cell) {
            int groups = fields.size() + (slices.isEmpty() ? 0 : 1);
            return cell.summary() >= fields.size() && cell.summary() <= groups;
        }

        boolean isUnusedSample(Cell cell) {
            return cell.isWhole() && !slices.isEmpty() && cell.summary() == fields.size();
        }

        boolean isComoments(Cell cell) {
            return cell.summary() == fields.size() + (slices.isEmpty() ? 1 : 2);
        }

        Optional<TableProfile.Slice> slice(Cell cell) {
            return cell.isWhole()
                    ? Optional.empty()
                    : Optional.of(new TableProfile.Slice(slices.get(cell.slice()), cell.value()));
        }

        BottomRows sampleOf(boolean ofSlice, byte[] bytes) {
            try (DataInputStream in = new DataInputStream(new ByteArrayInputStream(bytes))) {
                return (BottomRows) (ofSlice ? sliceSample() : wholeSample()).read(in);
            } catch (IOException broken) {
                throw new UncheckedIOException(broken);
            }
        }

        byte[] sampleValues(BottomRows rows, int column) {
            return SampleBytes.values(rows, hash() + 1, fields.get(column));
        }

        List<String> correlatedNames() {
            return correlated.stream().map(field -> names.get(field.field())).toList();
        }
    }

    /**
     * Runs the pass.
     *
     * @param rows the columns to profile and the slices; a column of these only is profiled too
     * @throws dev.millrace.platform.error.MillraceException SCHEMA_MISMATCH when a slice column has more than 100 values;
     *     CONFIG when the driver cannot hold the facts
     */
    public TableProfile of(Dataset<Row> rows, List<String> names) {
        List<String> types = new ArrayList<>();
        List<NumberField> fields = new ArrayList<>();
        List<NumberField> correlated = new ArrayList<>();
        List<Column> columns = new ArrayList<>();
        List<Column> hashed = new ArrayList<>();
        for (String name : names) {
            StructField field = rows.schema().apply(name);
            NumberField read = NumberField.of(fields.size(), field.dataType());
            Column column = Columns.named(name);
            fields.add(read);
            types.add(field.dataType().simpleString());
            columns.add(cast(column, read.kind()));
            // The values as they are: equal hashes must mean equal rows.
            if (read.kind() != ColumnKind.OTHER) hashed.add(column);
            if (correlations && read.kind().isNumber() && correlated.size() < MAX_CORRELATED) correlated.add(read);
        }
        for (String slice : slices) {
            columns.add(Columns.named(slice).cast(DataTypes.StringType));
        }
        hashed.add(functions.lit(seed));
        columns.add(functions.xxhash64(hashed.toArray(Column[]::new)));
        List<Column> numbered = new ArrayList<>();
        for (int i = 0; i < columns.size(); i++) numbered.add(columns.get(i).as("c" + i));
        Layout layout = new Layout(new ArrayList<>(names), types, fields, new ArrayList<>(slices), sample, correlated);
        Scanned result = layout.scan().over(rows.select(numbered.toArray(Column[]::new)));
        try {
            return new TableProfile(layout, result);
        } catch (RuntimeException failed) {
            result.close();
            throw failed;
        }
    }

    private static Column cast(Column column, ColumnKind kind) {
        return switch (kind) {
            case INTEGER -> column.cast(DataTypes.LongType);
            case NUMBER -> column.cast(DataTypes.DoubleType);
            case TIME -> column.cast(DataTypes.TimestampType).cast(DataTypes.DoubleType);
            case BOOLEAN, TEXT, DECIMAL -> column;
            case OTHER -> functions.when(column.isNotNull(), true);
        };
    }
}
