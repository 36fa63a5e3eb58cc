package dev.millrace.engine.window;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.Arrays;

/** A run of events with consecutive numbers, in memory or in a {@link SpillSpace}. */
final class Chunk {
    static final int BITS = 8;
    static final int EVENTS = 1 << BITS;

    private static final int NOTHING = 0;
    private static final int LONG = 1;
    private static final int DECIMAL = 2;
    private static final int TEXT = 3;
    private static final int OBJECT_BYTES = 48;

    final long[] times = new long[EVENTS];
    final long[] moments;
    final double[] doubles;
    final Object[] exacts;

    Chunk(EventShape shape) {
        moments = new long[EVENTS * shape.moments()];
        doubles = new double[EVENTS * shape.doubles()];
        exacts = new Object[EVENTS * shape.exacts()];
    }

    /** Memory of the arrays. */
    static long bytes(EventShape shape) {
        return EVENTS * 8L * (1 + shape.moments() + shape.doubles() + shape.exacts());
    }

    /** Memory of one value. */
    static long bytes(Object exact) {
        if (exact == null) return 0;
        return exact instanceof Text text ? OBJECT_BYTES + text.bytes().length : OBJECT_BYTES;
    }

    void forget() {
        Arrays.fill(exacts, null);
    }

    byte[] written() {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream(times.length * 32);
        try (DataOutputStream out = new DataOutputStream(bytes)) {
            for (long time : times) out.writeLong(time);
            for (long moment : moments) out.writeLong(moment);
            for (double value : doubles) out.writeDouble(value);
            for (Object exact : exacts) write(out, exact);
        } catch (IOException impossible) {
            throw new UncheckedIOException(impossible);
        }
        return bytes.toByteArray();
    }

    private static void write(DataOutputStream out, Object exact) throws IOException {
        if (exact == null) {
            out.writeByte(NOTHING);
        } else if (exact instanceof Long number) {
            out.writeByte(LONG);
            out.writeLong(number);
        } else if (exact instanceof BigDecimal decimal) {
            out.writeByte(DECIMAL);
            out.writeInt(decimal.scale());
            writeBytes(out, decimal.unscaledValue().toByteArray());
        } else if (exact instanceof Text text) {
            out.writeByte(TEXT);
            writeBytes(out, text.bytes());
        } else throw new IllegalArgumentException("cannot store a " + exact.getClass());
    }

    private static void writeBytes(DataOutputStream out, byte[] bytes) throws IOException {
        out.writeInt(bytes.length);
        out.write(bytes);
    }

    void read(byte[] bytes) {
        try (DataInputStream in = new DataInputStream(new ByteArrayInputStream(bytes))) {
            for (int i = 0; i < times.length; i++) times[i] = in.readLong();
            for (int i = 0; i < moments.length; i++) moments[i] = in.readLong();
            for (int i = 0; i < doubles.length; i++) doubles[i] = in.readDouble();
            for (int i = 0; i < exacts.length; i++) exacts[i] = read(in);
        } catch (IOException short_) {
            throw new UncheckedIOException(short_);
        }
    }

    private static Object read(DataInputStream in) throws IOException {
        int kind = in.readByte();
        return switch (kind) {
            case NOTHING -> null;
            case LONG -> in.readLong();
            case DECIMAL -> {
                int scale = in.readInt();
                yield new BigDecimal(new BigInteger(in.readNBytes(in.readInt())), scale);
            }
            case TEXT -> new Text(in.readNBytes(in.readInt()));
            default -> throw new IOException("unknown kind " + kind);
        };
    }
}
