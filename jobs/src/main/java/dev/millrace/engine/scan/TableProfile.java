package dev.millrace.engine.scan;

import java.io.ByteArrayInputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.Serializable;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.sql.Row;

/**
 * What one pass learned of a table. Facts are here; the sketches stay on the executors, where {@link #rows} makes table
 * rows of them, until {@link #close}.
 */
public final class TableProfile implements AutoCloseable {
    private static final String REMEDY = "Select fewer `columns` or `slices`, or use a smaller `sample`.";

    private final Profiler.Layout columns;
    private final Scanned scanned;
    private final List<ColumnFacts> facts = new ArrayList<>();
    private final Map<Slice, Group> slices = new TreeMap<>();
    private final Map<Slice, byte[]> samples = new TreeMap<>();
    private Comoments comoments;

    /** @param value text of the column's value; NULL is a slice of its own, {@code (null)} */
    public record Slice(String key, String value) implements Comparable<Slice>, Serializable {
        /** All rows. */
        private static final Slice NONE = new Slice("", "");

        @Override
        public int compareTo(Slice other) {
            int byKey = key.compareTo(other.key);
            return byKey != 0 ? byKey : value.compareTo(other.value);
        }
    }

    /** What is known of a column in a slice; NaN where there is none. */
    public record SliceFacts(long rows, long nulls, double mean, double deviation) {}

    /** @param columns in the table's order */
    public record Group(List<SliceFacts> columns) {
        public long rows() {
            return columns.isEmpty() ? 0 : columns.get(0).rows();
        }
    }

    /** Table rows of a column. Shipped to executors. */
    public interface ToRow extends Serializable {
        /**
         * @param slice empty for all rows
         * @param column index of the column
         * @param sample its values in the sample, see {@link SampleBytes}
         */
        Row of(Optional<Slice> slice, int column, ColumnProfile profile, byte[] sample);
    }

    TableProfile(Profiler.Layout columns, Scanned scanned) {
        this.columns = columns;
        this.scanned = scanned;
        this.comoments = new Comoments(columns.correlated());
        for (int i = 0; i < columns.names().size(); i++) facts.add(null);
        for (Scanned.Finished each : scanned.collect(new Brief(columns), REMEDY)) take(each);
        for (int i = 0; i < facts.size(); i++) {
            if (facts.get(i) != null) continue; // a table without partitions has no cells
            facts.set(i, ColumnFacts.of((ColumnProfile) columns.summary(i).start()));
        }
    }

    private void take(Scanned.Finished each) {
        Cell cell = each.cell();
        Slice slice = columns.slice(cell).orElse(Slice.NONE);
        if (columns.isComoments(cell)) comoments = (Comoments) read(cell, each.bytes());
        else if (columns.isSample(cell)) samples.put(slice, each.bytes());
        else if (cell.isWhole()) facts.set(cell.summary(), ColumnFacts.fromBytes(each.bytes()));
        else {
            slices.computeIfAbsent(slice, unseen -> new Group(new ArrayList<>(Collections.nCopies(facts.size(), null))))
                    .columns()
                    .set(cell.summary(), sliceFacts(each.bytes()));
            if (slices.size() > columns.slices().size() * Profiler.MAX_SLICES) {
                throw Scan.tooManyValues(slice.key(), Profiler.MAX_SLICES);
            }
        }
    }

    private Accumulator read(Cell cell, byte[] bytes) {
        return columns.scan().read(cell, bytes);
    }

    /** What the driver needs of a cell. */
    private record Brief(Profiler.Layout columns) implements Scanned.Finish {
        @Override
        public byte[] of(Cell cell, Accumulator merged) {
            if (columns.isComoments(cell)) return Scan.bytes(merged::write);
            if (columns.isSample(cell)) return columns.isUnusedSample(cell) ? null : Scan.bytes(merged::write);
            ColumnProfile profile = (ColumnProfile) merged;
            if (cell.isWhole()) return ColumnFacts.of(profile).toBytes();
            boolean number = profile.kind().isNumber();
            return Scan.bytes(out -> {
                out.writeLong(profile.rows());
                out.writeLong(profile.nulls());
                out.writeDouble(number ? profile.moments().mean().orElse(Double.NaN) : Double.NaN);
                out.writeDouble(number ? profile.moments().deviation().orElse(Double.NaN) : Double.NaN);
            });
        }
    }

    private static SliceFacts sliceFacts(byte[] bytes) {
        try (DataInputStream in = new DataInputStream(new ByteArrayInputStream(bytes))) {
            return new SliceFacts(in.readLong(), in.readLong(), in.readDouble(), in.readDouble());
        } catch (IOException broken) {
            throw new UncheckedIOException(broken);
        }
    }

    /** Names, in the table's order. */
    public List<String> columns() {
        return columns.names();
    }

    /** Spark's names of their types. */
    public List<String> types() {
        return columns.types();
    }

    public long rows() {
        return facts.isEmpty() ? 0 : facts.get(0).rows();
    }

    /** Of all rows, in the order of the columns. */
    public List<ColumnFacts> facts() {
        return Collections.unmodifiableList(facts);
    }

    /** By slice, in order. */
    public Map<Slice, Group> slices() {
        return Collections.unmodifiableMap(slices);
    }

    /** Names of the columns in {@link #comoments}. */
    public List<String> numbers() {
        return columns.correlatedNames();
    }

    public Comoments comoments() {
        return comoments;
    }

    /** The hashes of the sample's rows as bytes, see {@link SampleBytes}. */
    public byte[] sampleHashes(Optional<Slice> slice) {
        return SampleBytes.hashes(sample(slice));
    }

    /** Rows of all rows' sample, and how many of them are held with their values. */
    public int[] sampled() {
        BottomRows sample = sample(Optional.empty());
        return new int[] {sample.hashes().length, sample.held()};
    }

    /** Share of sampled rows that repeat another: equal rows have equal hashes, so all or none are in the sample. */
    public double duplicateShare() {
        long[] hashes = sample(Optional.empty()).hashes();
        long repeated = 0;
        for (int i = 1; i < hashes.length; i++) if (hashes[i] == hashes[i - 1]) repeated++;
        return hashes.length == 0 ? 0 : (double) repeated / hashes.length;
    }

    private BottomRows sample(Optional<Slice> slice) {
        byte[] bytes = samples.get(slice.orElse(Slice.NONE));
        return bytes == null ? (BottomRows) columns.wholeSample().start() : columns.sampleOf(slice.isPresent(), bytes);
    }

    /** A row per column and group, made on the executors. */
    public JavaRDD<Row> rows(ToRow row) {
        Broadcast<Map<Slice, byte[]>> sent =
                JavaSparkContext.fromSparkContext(scanned.context()).broadcast(new HashMap<>(samples));
        long cells = (long) facts.size() * (1 + slices.size());
        return scanned.rows(new PerColumn(columns, row, sent), cells);
    }

    private static final class PerColumn implements Scanned.ToRows {
        private static final long serialVersionUID = 1;
        private final Profiler.Layout columns;
        private final ToRow row;
        private final Broadcast<Map<Slice, byte[]>> samples;
        /** Of one task. */
        private transient Map<Slice, BottomRows> known;

        PerColumn(Profiler.Layout columns, ToRow row, Broadcast<Map<Slice, byte[]>> samples) {
            this.columns = columns;
            this.row = row;
            this.samples = samples;
        }

        @Override
        public Iterator<Row> of(Cell cell, Accumulator merged) {
            if (columns.isSample(cell) || columns.isComoments(cell)) return Collections.emptyIterator();
            if (known == null) known = new HashMap<>();
            Optional<Slice> slice = columns.slice(cell);
            BottomRows sample = known.computeIfAbsent(slice.orElse(Slice.NONE), key -> {
                byte[] bytes = samples.value().get(key);
                return bytes == null
                        ? (BottomRows) columns.wholeSample().start()
                        : columns.sampleOf(slice.isPresent(), bytes);
            });
            byte[] values = columns.sampleValues(sample, cell.summary());
            return List.of(row.of(slice, cell.summary(), (ColumnProfile) merged, values))
                    .iterator();
        }
    }

    @Override
    public void close() {
        scanned.close();
    }
}
