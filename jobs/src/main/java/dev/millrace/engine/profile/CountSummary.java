package dev.millrace.engine.profile;

import dev.millrace.engine.scan.Summary;
import dev.millrace.platform.error.ErrorKind;
import dev.millrace.platform.error.MillraceException;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.unsafe.types.UTF8String;

/**
 * Rows as the columns of {@code bins} (DOUBLE or STRING), those of {@code slices} (STRING) and perhaps the time
 * (TIMESTAMP), counted per group. Per row: one binary search or hash look-up per column, and as many again per slice.
 */
record CountSummary(List<ColumnBins> bins, List<String> slices, boolean timed, BinCounting.Windows windows)
        implements Summary {
    private static final int MAX_SLICES = 500;
    private static final String NULL = "(null)";

    CountSummary {
        bins = new ArrayList<>(bins); // shipped: Java's immutable lists are fine, but Kryo users are not
        slices = new ArrayList<>(slices);
    }

    private record Key(long window, int slice, String value) implements Comparable<Key> {
        @Override
        public int compareTo(Key other) {
            int byWindow = Long.compare(window, other.window);
            if (byWindow != 0) return byWindow;
            int bySlice = Integer.compare(slice, other.slice);
            return bySlice != 0 ? bySlice : value.compareTo(other.value);
        }
    }

    /** What one task or merge holds. */
    private static final class State {
        private final Map<Key, BinCounter[]> groups = new TreeMap<>();
        private long untimed;
    }

    /** The counters of one window, found once and kept while rows stay in it. */
    private static final class Window {
        private final BinCounter[] whole;
        private final List<Map<UTF8String, BinCounter[]>> bySlice = new ArrayList<>();

        Window(BinCounter[] whole, int slices) {
            this.whole = whole;
            for (int i = 0; i < slices; i++) bySlice.add(new java.util.HashMap<>());
        }
    }

    @Override
    public byte[] ofPartition(Iterator<InternalRow> rows) {
        State state = new State();
        Map<Long, Window> known = new java.util.HashMap<>();
        double[][] edges = new double[bins.size()][];
        BinCounter.Categories[] categories = new BinCounter.Categories[bins.size()];
        for (int i = 0; i < edges.length; i++) {
            edges[i] = bins.get(i).edges().stream()
                    .mapToDouble(Double::doubleValue)
                    .toArray();
            if (!bins.get(i).isNumber()) categories[i] = new BinCounter.Categories(bins.get(i));
        }
        int timeAt = bins.size() + slices.size();
        while (rows.hasNext()) {
            InternalRow row = rows.next();
            if (timed && row.isNullAt(timeAt)) {
                state.untimed++;
                continue;
            }
            long start = timed ? windows.start(row.getLong(timeAt)) : 0;
            Window window = known.computeIfAbsent(
                    start, unseen -> new Window(group(state, new Key(unseen, -1, "")), slices.size()));
            count(row, window.whole, edges, categories);
            for (int i = 0; i < slices.size(); i++) {
                int at = bins.size() + i;
                UTF8String value = row.isNullAt(at) ? UTF8String.fromString(NULL) : row.getUTF8String(at);
                Map<UTF8String, BinCounter[]> ofSlice = window.bySlice.get(i);
                BinCounter[] counters = ofSlice.get(value);
                if (counters == null) {
                    if (ofSlice.size() == MAX_SLICES) throw tooMany(slices.get(i));
                    counters = group(state, new Key(start, i, value.toString()));
                    ofSlice.put(value.clone(), counters);
                }
                count(row, counters, edges, categories);
            }
        }
        return bytes(state);
    }

    private static MillraceException tooMany(String slice) {
        return new MillraceException(
                ErrorKind.SCHEMA_MISMATCH,
                "The slice column `" + slice + "` has more than " + MAX_SLICES
                        + " values. Slice by a column with few values, or by none.");
    }

    private BinCounter[] group(State state, Key key) {
        return state.groups.computeIfAbsent(key, unseen -> {
            BinCounter[] counters = new BinCounter[bins.size()];
            for (int i = 0; i < counters.length; i++)
                counters[i] = new BinCounter(bins.get(i).cells());
            return counters;
        });
    }

    private void count(InternalRow row, BinCounter[] counters, double[][] edges, BinCounter.Categories[] categories) {
        for (int i = 0; i < counters.length; i++) {
            if (row.isNullAt(i)) counters[i].addNull(bins.get(i).nullCell());
            else if (categories[i] == null) counters[i].add(row.getDouble(i), edges[i]);
            else counters[i].add(row.getUTF8String(i), categories[i]);
        }
    }

    @Override
    public byte[] merged(byte[] earlier, byte[] later) {
        State state = state(earlier);
        State other = state(later);
        state.untimed += other.untimed;
        other.groups.forEach((key, counters) -> {
            BinCounter[] mine = state.groups.putIfAbsent(key, counters);
            if (mine == null) return;
            for (int i = 0; i < mine.length; i++) mine[i].merge(counters[i]);
        });
        return bytes(state);
    }

    GroupCounts result(byte[] bytes) {
        State state = state(bytes);
        Map<GroupCounts.Group, List<Counted>> groups = new LinkedHashMap<>();
        state.groups.forEach((key, counters) -> {
            Optional<GroupCounts.Slice> slice = key.slice() < 0
                    ? Optional.empty()
                    : Optional.of(new GroupCounts.Slice(slices.get(key.slice()), key.value()));
            List<Counted> counted = new ArrayList<>();
            for (int i = 0; i < counters.length; i++) counted.add(counters[i].result(bins.get(i)));
            groups.put(new GroupCounts.Group(key.window(), slice), counted);
        });
        return new GroupCounts(bins, groups, state.untimed);
    }

    private static byte[] bytes(State state) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (DataOutputStream out = new DataOutputStream(bytes)) {
            out.writeLong(state.untimed);
            out.writeInt(state.groups.size());
            for (Map.Entry<Key, BinCounter[]> group : state.groups.entrySet()) {
                out.writeLong(group.getKey().window());
                out.writeInt(group.getKey().slice());
                out.writeUTF(group.getKey().value());
                out.writeInt(group.getValue().length);
                for (BinCounter counter : group.getValue()) counter.write(out);
            }
        } catch (IOException impossible) {
            throw new UncheckedIOException(impossible);
        }
        return bytes.toByteArray();
    }

    private static State state(byte[] bytes) {
        State state = new State();
        try (DataInputStream in = new DataInputStream(new ByteArrayInputStream(bytes))) {
            state.untimed = in.readLong();
            int groups = in.readInt();
            for (int i = 0; i < groups; i++) {
                Key key = new Key(in.readLong(), in.readInt(), in.readUTF());
                BinCounter[] counters = new BinCounter[in.readInt()];
                for (int j = 0; j < counters.length; j++) counters[j] = BinCounter.read(in);
                state.groups.put(key, counters);
            }
        } catch (IOException broken) {
            throw new UncheckedIOException(broken);
        }
        return state;
    }
}
