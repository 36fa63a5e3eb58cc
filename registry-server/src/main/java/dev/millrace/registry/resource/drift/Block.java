package dev.millrace.registry.resource.drift;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/**
 * The rows of one block, as {@link BlockWriter} wrote them. Reads single values where they lie: a picture of 60 windows looks
 * at two leaves of forty, a column's history at one row of hundreds. Not thread-safe.
 */
final class Block {
    private static final int HEAD = 7;
    private static final int ENTRY = 5;

    private final ByteBuffer data;
    private final int rows;
    private final Stored[] leaves;

    private Block(byte[] bytes) {
        data = ByteBuffer.wrap(bytes);
        if (data.get(0) != BlockWriter.FORMAT) {
            throw new IllegalStateException("A block of drift rows has format " + data.get(0) + ", not "
                    + BlockWriter.FORMAT + ": a newer server wrote it");
        }
        int stored = data.getShort(1);
        rows = data.getInt(3);
        leaves = new Stored[Leaves.ALL.size()];
        int offset = HEAD + ENTRY * stored;
        for (int i = 0; i < stored; i++) {
            int length = data.getInt(HEAD + ENTRY * i + 1);
            if (i < leaves.length) leaves[i] = new Stored(i, data.get(HEAD + ENTRY * i), offset, length);
            offset += length;
        }
    }

    static Block of(byte[] bytes) {
        return new Block(bytes);
    }

    int rows() {
        return rows;
    }

    long columnId(int row) {
        return (Long) value(Leaves.COLUMN, row);
    }

    /** The row about a column; -1 when there is none. */
    int rowOf(long columnId) {
        for (int row = 0; row < rows; row++) {
            if (columnId(row) == columnId) return row;
        }
        return -1;
    }

    /** {@code null} where absent; for this package alone. */
    Object value(int leaf, int row) {
        return leaves[leaf] == null ? null : leaves[leaf].at(row);
    }

    /** As {@link Leaves#values}. */
    Object[] values(int row) {
        Object[] values = new Object[leaves.length];
        for (int i = 0; i < values.length; i++) values[i] = value(i, row);
        return values;
    }

    /** Where one leaf's values are. */
    private final class Stored {
        private final Leaf.Kind kind;
        private final int form;
        private final int length;
        private final int present;
        private Object same;
        private String[] texts;
        /** Of the column; after the list of texts, if there is one. -1: not looked for yet. */
        private int numbers = -1;

        private int width;

        Stored(int leaf, int form, int offset, int length) {
            this.kind = Leaves.ALL.get(leaf).kind();
            this.form = form;
            this.length = length;
            this.present = offset;
        }

        Object at(int row) {
            if (form == BlockWriter.ABSENT) return null;
            if (form == BlockWriter.SAME) {
                if (same == null) same = single();
                return same;
            }
            int place = row;
            if (form == BlockWriter.SOME) {
                if ((data.get(present + row / 8) >> (row % 8) & 1) == 0) return null;
                place = presentBefore(row);
            }
            if (numbers < 0) open();
            return switch (kind) {
                case OBJECT -> true;
                case DOUBLE -> Double.longBitsToDouble(data.getLong(numbers + 8 * place));
                case LONG -> number(place);
                case TEXT -> texts[(int) number(place)];
            };
        }

        private int presentBefore(int row) {
            int count = Integer.bitCount(data.get(present + row / 8) & ((1 << (row % 8)) - 1));
            for (int i = 0; i < row / 8; i++) count += Integer.bitCount(data.get(present + i) & 0xff);
            return count;
        }

        private Object single() {
            return switch (kind) {
                case OBJECT -> true;
                case DOUBLE -> Double.longBitsToDouble(data.getLong(present));
                case LONG -> data.getLong(present);
                case TEXT -> text(present, length);
            };
        }

        private void open() {
            int at = present + (form == BlockWriter.SOME ? (rows + 7) / 8 : 0);
            if (kind == Leaf.Kind.TEXT) {
                texts = new String[data.getInt(at)];
                at += 4;
                for (int i = 0; i < texts.length; i++) {
                    int bytes = data.getInt(at);
                    texts[i] = text(at + 4, bytes);
                    at += 4 + bytes;
                }
            }
            if (kind == Leaf.Kind.TEXT || kind == Leaf.Kind.LONG) width = data.get(at++);
            numbers = at;
        }

        private long number(int place) {
            int at = numbers + width * place;
            return switch (width) {
                case 1 -> data.get(at);
                case 2 -> data.getShort(at);
                case 4 -> data.getInt(at);
                default -> data.getLong(at);
            };
        }

        private String text(int at, int bytes) {
            return new String(data.array(), at, bytes, StandardCharsets.UTF_8);
        }
    }
}
