package dev.millrace.engine.scan;

import dev.millrace.platform.error.ErrorKind;
import dev.millrace.platform.error.MillraceException;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInput;
import java.io.DataInputStream;
import java.io.DataOutput;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.catalyst.expressions.UnsafeRow;
import org.apache.spark.unsafe.types.UTF8String;

/**
 * Rows as {@link Profiler} selects them: the columns by kind, the slices as text, the hash.
 *
 * @param numbers indices of the columns whose co-moments are wanted
 */
record ProfileSummary(List<ColumnKind> kinds, List<String> slices, int sample, List<Integer> numbers)
        implements Summary {
    private static final int MAX_SLICES = 100;
    private static final int SLICE_SAMPLE = 16;
    private static final String NULL = "(null)";

    /** @param slice index of the slice column */
    record Key(int slice, String value) implements Comparable<Key> {
        @Override
        public int compareTo(Key other) {
            int bySlice = Integer.compare(slice, other.slice);
            return bySlice != 0 ? bySlice : value.compareTo(other.value);
        }
    }

    /** Columns and sample of one group of rows. */
    record Group(List<ColumnProfile> columns, BottomRows sample) {
        TableProfile.Part finished() {
            return new TableProfile.Part(columns, sample);
        }

        void merge(Group other) {
            for (int i = 0; i < columns.size(); i++) columns.get(i).merge(other.columns.get(i));
            sample.merge(other.sample);
        }
    }

    /** Everything a task holds. */
    record State(Group whole, Map<Key, Group> slices, Comoments comoments) {}

    private Group group(int rows) {
        List<ColumnProfile> columns = new ArrayList<>();
        for (ColumnKind kind : kinds) columns.add(new ColumnProfile(kind));
        return new Group(columns, new BottomRows(rows));
    }

    @Override
    public byte[] ofPartition(Iterator<InternalRow> rows) {
        State state = new State(group(sample), new TreeMap<>(), new Comoments(numbers.size()));
        List<Map<UTF8String, Group>> known = new ArrayList<>();
        for (int i = 0; i < slices.size(); i++) known.add(new HashMap<>());
        double[] values = new double[numbers.size()];
        int hashAt = kinds.size() + slices.size();
        while (rows.hasNext()) {
            UnsafeRow row = (UnsafeRow) rows.next(); // what a projection gives
            long hash = row.getLong(hashAt);
            count(row, hash, state.whole());
            for (int i = 0; i < values.length; i++) values[i] = number(row, numbers.get(i));
            if (values.length > 0) state.comoments().add(values);
            for (int i = 0; i < known.size(); i++) count(row, hash, slice(state, known.get(i), row, i));
        }
        return bytes(state);
    }

    private double number(InternalRow row, int at) {
        if (row.isNullAt(at)) return Double.NaN;
        return kinds.get(at) == ColumnKind.INTEGER ? row.getLong(at) : row.getDouble(at);
    }

    private Group slice(State state, Map<UTF8String, Group> known, InternalRow row, int slice) {
        int at = kinds.size() + slice;
        UTF8String value = row.isNullAt(at) ? UTF8String.fromString(NULL) : row.getUTF8String(at);
        Group group = known.get(value);
        if (group != null) return group;
        if (known.size() == MAX_SLICES) {
            throw new MillraceException(
                    ErrorKind.SCHEMA_MISMATCH,
                    "The slice column `" + slices.get(slice) + "` has more than " + MAX_SLICES
                            + " values. Slice by a column with few values, or by none.");
        }
        group = group(sample / SLICE_SAMPLE);
        known.put(value.clone(), group);
        state.slices().put(new Key(slice, value.toString()), group);
        return group;
    }

    private void count(UnsafeRow row, long hash, Group group) {
        group.sample().add(hash, row);
        for (int i = 0; i < kinds.size(); i++) {
            ColumnProfile column = group.columns().get(i);
            if (row.isNullAt(i)) {
                column.addNull();
                continue;
            }
            switch (kinds.get(i)) {
                case INTEGER -> column.add(row.getLong(i));
                case NUMBER, TIME -> column.add(row.getDouble(i));
                case BOOLEAN -> column.add(row.getBoolean(i));
                case TEXT -> column.add(row.getUTF8String(i));
                case OTHER -> column.addOther();
            }
        }
    }

    @Override
    public byte[] merged(byte[] earlier, byte[] later) {
        State state = state(earlier);
        State other = state(later);
        state.whole().merge(other.whole());
        state.comoments().merge(other.comoments());
        other.slices().forEach((key, group) -> {
            Group mine = state.slices().putIfAbsent(key, group);
            if (mine != null) mine.merge(group);
        });
        return bytes(state);
    }

    private static byte[] bytes(State state) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (DataOutputStream out = new DataOutputStream(bytes)) {
            write(state.whole(), out);
            state.comoments().write(out);
            out.writeInt(state.slices().size());
            for (Map.Entry<Key, Group> slice : state.slices().entrySet()) {
                out.writeInt(slice.getKey().slice());
                out.writeUTF(slice.getKey().value());
                write(slice.getValue(), out);
            }
        } catch (IOException impossible) {
            throw new UncheckedIOException(impossible);
        }
        return bytes.toByteArray();
    }

    private static void write(Group group, DataOutput out) throws IOException {
        for (ColumnProfile column : group.columns()) column.write(out);
        group.sample().write(out);
    }

    State state(byte[] bytes) {
        try (DataInputStream in = new DataInputStream(new ByteArrayInputStream(bytes))) {
            Group whole = read(in);
            Comoments comoments = Comoments.read(in);
            Map<Key, Group> groups = new TreeMap<>();
            int count = in.readInt();
            for (int i = 0; i < count; i++) groups.put(new Key(in.readInt(), in.readUTF()), read(in));
            return new State(whole, groups, comoments);
        } catch (IOException broken) {
            throw new UncheckedIOException(broken);
        }
    }

    private Group read(DataInput in) throws IOException {
        List<ColumnProfile> columns = new ArrayList<>();
        for (ColumnKind kind : kinds) columns.add(ColumnProfile.read(kind, in));
        return new Group(columns, BottomRows.read(in));
    }
}
