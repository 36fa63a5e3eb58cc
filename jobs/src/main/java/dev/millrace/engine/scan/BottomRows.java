package dev.millrace.engine.scan;

import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;
import org.apache.spark.sql.catalyst.expressions.UnsafeRow;

/**
 * The k rows with the smallest hashes: a sample that is the same in whatever order rows come and parts are merged. Equal
 * hashes are told apart by the bytes of the row; equal rows are all kept, as far as k goes. Not thread-safe.
 */
public final class BottomRows {
    private static final Comparator<Entry> ORDER =
            Comparator.comparingLong(Entry::hash).thenComparing((one, other) -> Arrays.compare(one.bytes, other.bytes));

    private final int limit;
    private final PriorityQueue<Entry> largestFirst;

    /** A row and its hash. */
    private static final class Entry {
        private final long hash;
        private final byte[] bytes;

        Entry(long hash, byte[] bytes) {
            this.hash = hash;
            this.bytes = bytes;
        }

        long hash() {
            return hash;
        }
    }

    public BottomRows(int limit) {
        this.limit = limit;
        this.largestFirst = new PriorityQueue<>(ORDER.reversed());
    }

    /** @param row copied when it is kept */
    public void add(long hash, UnsafeRow row) {
        if (largestFirst.size() == limit && hash > largestFirst.element().hash) return;
        add(new Entry(hash, row.getBytes().clone()));
    }

    private void add(Entry entry) {
        if (limit == 0) return;
        if (largestFirst.size() < limit) largestFirst.add(entry);
        else if (ORDER.compare(entry, largestFirst.element()) < 0) {
            largestFirst.remove();
            largestFirst.add(entry);
        }
    }

    public void merge(BottomRows other) {
        other.largestFirst.forEach(this::add);
    }

    /**
     * The rows by rising hash.
     *
     * @param fields of a row
     */
    public List<UnsafeRow> rows(int fields) {
        List<UnsafeRow> rows = new ArrayList<>();
        for (Entry entry : sorted()) {
            UnsafeRow row = new UnsafeRow(fields);
            row.pointTo(entry.bytes, entry.bytes.length);
            rows.add(row);
        }
        return rows;
    }

    /** Their hashes, rising. */
    public long[] hashes() {
        return sorted().stream().mapToLong(Entry::hash).toArray();
    }

    private List<Entry> sorted() {
        return largestFirst.stream().sorted(ORDER).toList();
    }

    void write(DataOutput out) throws IOException {
        out.writeInt(limit);
        out.writeInt(largestFirst.size());
        for (Entry entry : sorted()) {
            out.writeLong(entry.hash);
            out.writeInt(entry.bytes.length);
            out.write(entry.bytes);
        }
    }

    static BottomRows read(DataInput in) throws IOException {
        BottomRows rows = new BottomRows(in.readInt());
        int count = in.readInt();
        for (int i = 0; i < count; i++) {
            long hash = in.readLong();
            byte[] bytes = new byte[in.readInt()];
            in.readFully(bytes);
            rows.largestFirst.add(new Entry(hash, bytes));
        }
        return rows;
    }
}
