package dev.millrace.registry.resource.drift;

import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.BitSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * Writes the rows of one block leaf by leaf, so that what all rows share is there once and what one reader needs lies
 * together. The form, all numbers big-endian:
 *
 * <pre>
 * byte FORMAT, short leaves, int rows
 * per leaf: byte form, int length
 * per leaf, of that length:
 *   ABSENT  nothing
 *   SAME    the value: long as 8 bytes, double as the 8 bytes of its bits, text as UTF-8, object as nothing
 *   EACH    a column of all rows
 *   SOME    which rows have a value, (rows + 7) / 8 bytes, the lowest bit first; a column of these
 * column: double as 8 bytes each; long as byte width (1, 2, 4, 8) and that many bytes each; object as nothing; text as
 *   int count, count times int length and UTF-8, byte width, and that many bytes each: a number in that list
 * </pre>
 *
 * A row of the monitoring job takes 110 to 150 bytes in blocks of 50 rows or more; most of it are doubles that no general
 * compression makes smaller (decision 0280).
 */
final class BlockWriter {
    static final int FORMAT = 1;
    static final int ABSENT = 0;
    static final int SAME = 1;
    static final int EACH = 2;
    static final int SOME = 3;

    private final List<Object[]> rows;

    private BlockWriter(List<Object[]> rows) {
        this.rows = rows;
    }

    /** @param rows from {@link Leaves#values}, at least one */
    static byte[] write(List<Object[]> rows) {
        try {
            return new BlockWriter(rows).write();
        } catch (IOException impossible) {
            throw new AssertionError(impossible);
        }
    }

    private byte[] write() throws IOException {
        ByteArrayOutputStream whole = new ByteArrayOutputStream(200 + 150 * rows.size());
        DataOutputStream head = new DataOutputStream(whole);
        ByteArrayOutputStream body = new ByteArrayOutputStream(150 * rows.size());
        DataOutputStream out = new DataOutputStream(body);
        head.writeByte(FORMAT);
        head.writeShort(Leaves.ALL.size());
        head.writeInt(rows.size());
        for (int leaf = 0; leaf < Leaves.ALL.size(); leaf++) {
            int before = out.size();
            head.writeByte(leaf(leaf, out));
            head.writeInt(out.size() - before);
        }
        body.writeTo(whole);
        return whole.toByteArray();
    }

    /** @return the form it was written in */
    private int leaf(int leaf, DataOutputStream out) throws IOException {
        Object first = rows.get(0)[leaf];
        boolean same = true;
        BitSet present = new BitSet(rows.size());
        for (int row = 0; row < rows.size(); row++) {
            Object value = rows.get(row)[leaf];
            if (value != null) present.set(row);
            same = same && Objects.equals(value, first);
        }
        if (present.isEmpty()) return ABSENT;
        Leaf.Kind kind = Leaves.ALL.get(leaf).kind();
        if (same) {
            single(kind, first, out);
            return SAME;
        }
        boolean each = present.cardinality() == rows.size();
        if (!each) {
            byte[] bits = new byte[(rows.size() + 7) / 8];
            byte[] set = present.toByteArray();
            System.arraycopy(set, 0, bits, 0, set.length);
            out.write(bits);
        }
        column(kind, leaf, present, out);
        return each ? EACH : SOME;
    }

    private static void single(Leaf.Kind kind, Object value, DataOutputStream out) throws IOException {
        switch (kind) {
            case LONG -> out.writeLong((Long) value);
            case DOUBLE -> out.writeLong(Double.doubleToRawLongBits((Double) value));
            case TEXT -> out.write(((String) value).getBytes(StandardCharsets.UTF_8));
            case OBJECT -> {}
        }
    }

    private void column(Leaf.Kind kind, int leaf, BitSet present, DataOutputStream out) throws IOException {
        switch (kind) {
            case LONG -> {
                long[] values = present.stream()
                        .mapToLong(row -> (Long) rows.get(row)[leaf])
                        .toArray();
                longs(values, out);
            }
            case DOUBLE -> {
                for (int row = present.nextSetBit(0); row >= 0; row = present.nextSetBit(row + 1)) {
                    out.writeLong(Double.doubleToRawLongBits((Double) rows.get(row)[leaf]));
                }
            }
            case TEXT -> texts(leaf, present, out);
            case OBJECT -> {}
        }
    }

    private void texts(int leaf, BitSet present, DataOutputStream out) throws IOException {
        Map<String, Long> places = new LinkedHashMap<>();
        long[] values = present.stream()
                .mapToLong(row -> places.computeIfAbsent((String) rows.get(row)[leaf], text -> (long) places.size()))
                .toArray();
        out.writeInt(places.size());
        for (String text : places.keySet()) {
            byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
            out.writeInt(bytes.length);
            out.write(bytes);
        }
        longs(values, out);
    }

    private static void longs(long[] values, DataOutputStream out) throws IOException {
        int width = 1;
        for (long value : values) {
            while (width < 8 && value >> (8 * width - 1) != value >> 63) width *= 2;
        }
        out.writeByte(width);
        for (long value : values) {
            for (int shift = 8 * (width - 1); shift >= 0; shift -= 8) out.writeByte((int) (value >> shift));
        }
    }
}
