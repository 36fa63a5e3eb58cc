package dev.millrace.engine.scan;

import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.catalyst.expressions.UnsafeRow;

/**
 * The rows with the smallest hashes: a sample that is the same in whatever order rows come and parts are merged. It holds
 * the k smallest hashes, and as many of their rows, from the smallest hash on, as fit into a number of bytes. Equal
 * hashes are told apart by the bytes of the row; equal rows are all held, as far as k goes. Not thread-safe.
 */
final class BottomRows implements Accumulator {
    private static final Comparator<Entry> ORDER =
            Comparator.comparingLong(Entry::hash).thenComparing((one, other) -> Arrays.compare(one.bytes, other.bytes));

    /** What an entry takes beside the bytes of its row. */
    private static final long ENTRY = 64;

    private final Type type;
    private final PriorityQueue<Entry> largestFirst = new PriorityQueue<>(ORDER.reversed());
    private final SmallestHashes hashes;
    private long rowBytes;
    /** The least row that was left out; whatever comes after it is left out too. */
    private Entry leftOut;

    /**
     * @param rows at most
     * @param bytes at most, of rows
     * @param hash field of a row's hash
     */
    record Type(int rows, long bytes, int hash) implements Summary {
        @Override
        public Accumulator start() {
            return new BottomRows(this);
        }

        @Override
        public Accumulator read(DataInput in) throws IOException {
            BottomRows rows = new BottomRows(this);
            rows.hashes.readInto(in);
            int count = in.readInt();
            for (int i = 0; i < count; i++) rows.keep(entry(in));
            if (in.readBoolean()) rows.leftOut = entry(in);
            return rows;
        }
    }

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

        void write(DataOutput out) throws IOException {
            out.writeLong(hash);
            out.writeInt(bytes.length);
            out.write(bytes);
        }
    }

    private static Entry entry(DataInput in) throws IOException {
        long hash = in.readLong();
        byte[] bytes = new byte[in.readInt()];
        in.readFully(bytes);
        return new Entry(hash, bytes);
    }

    BottomRows(Type type) {
        this.type = type;
        this.hashes = new SmallestHashes(type.rows());
    }

    /** @param row an {@link UnsafeRow}, copied when it is held */
    @Override
    public void add(InternalRow row) {
        long hash = row.getLong(type.hash());
        if (!hashes.add(hash)) return;
        if (leftOut != null && hash > leftOut.hash) return;
        add(new Entry(hash, ((UnsafeRow) row).getBytes().clone()));
    }

    private void add(Entry entry) {
        if (leftOut != null && ORDER.compare(entry, leftOut) >= 0) return;
        keep(entry);
        while (largestFirst.size() > type.rows() || rowBytes > type.bytes()) {
            leftOut = largestFirst.remove();
            rowBytes -= leftOut.bytes.length + ENTRY;
        }
    }

    private void keep(Entry entry) {
        largestFirst.add(entry);
        rowBytes += entry.bytes.length + ENTRY;
    }

    @Override
    public void merge(Accumulator later) {
        BottomRows that = (BottomRows) later;
        hashes.merge(that.hashes);
        if (that.leftOut != null && (leftOut == null || ORDER.compare(that.leftOut, leftOut) < 0)) {
            leftOut = that.leftOut;
            while (!largestFirst.isEmpty() && ORDER.compare(largestFirst.element(), leftOut) >= 0) {
                rowBytes -= largestFirst.remove().bytes.length + ENTRY;
            }
        }
        that.largestFirst.forEach(this::add);
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

    /** How many rows are held; fewer than {@link #hashes} when their bytes are too many. */
    public int held() {
        return largestFirst.size();
    }

    /** The smallest hashes, rising: those of the rows first. */
    public long[] hashes() {
        return hashes.sorted();
    }

    private List<Entry> sorted() {
        return largestFirst.stream().sorted(ORDER).toList();
    }

    @Override
    public long bytes() {
        return rowBytes + 8L * type.rows() + ENTRY;
    }

    @Override
    public void write(DataOutput out) throws IOException {
        hashes.write(out);
        out.writeInt(largestFirst.size());
        for (Entry entry : sorted()) entry.write(out);
        out.writeBoolean(leftOut != null);
        if (leftOut != null) leftOut.write(out);
    }

    /** A heap of primitives, the largest on top. */
    private static final class SmallestHashes {
        private final int limit;
        private long[] heap = new long[16];
        private int size;

        SmallestHashes(int limit) {
            this.limit = limit;
        }

        /** Whether it is among the smallest so far. */
        boolean add(long hash) {
            if (size == limit) {
                if (size == 0 || hash > heap[0]) return false;
                replaceTop(hash);
                return true;
            }
            if (size == heap.length) heap = Arrays.copyOf(heap, Math.min(limit, 2 * size));
            int at = size++;
            while (at > 0 && heap[(at - 1) / 2] < hash) { // sift up
                heap[at] = heap[(at - 1) / 2];
                at = (at - 1) / 2;
            }
            heap[at] = hash;
            return true;
        }

        private void replaceTop(long hash) {
            int at = 0;
            for (int child = 1; child < size; child = 2 * at + 1) { // sift down
                if (child + 1 < size && heap[child + 1] > heap[child]) child++;
                if (heap[child] <= hash) break;
                heap[at] = heap[child];
                at = child;
            }
            heap[at] = hash;
        }

        void merge(SmallestHashes that) {
            for (int i = 0; i < that.size; i++) add(that.heap[i]);
        }

        long[] sorted() {
            long[] sorted = Arrays.copyOf(heap, size);
            Arrays.sort(sorted);
            return sorted;
        }

        void write(DataOutput out) throws IOException {
            out.writeInt(size);
            for (long hash : sorted()) out.writeLong(hash);
        }

        void readInto(DataInput in) throws IOException {
            int count = in.readInt();
            for (int i = 0; i < count; i++) add(in.readLong());
        }
    }
}
