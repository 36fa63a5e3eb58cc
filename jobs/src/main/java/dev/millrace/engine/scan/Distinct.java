package dev.millrace.engine.scan;

import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.apache.datasketches.hash.MurmurHash3;
import org.apache.datasketches.hll.HllSketch;
import org.apache.datasketches.hll.TgtHllType;
import org.apache.datasketches.hll.Union;
import org.apache.spark.sql.catalyst.expressions.XXH64;
import org.apache.spark.unsafe.types.UTF8String;

/**
 * How many different values there are, by HyperLogLog. Read through a union and by registers alone, so the estimate does
 * not depend on the order of values or merges. Standard error 1.04/√2^lgK. Not thread-safe.
 *
 * <p>While there are few values, DataSketches' union keeps them. Once it keeps registers, this class sets them itself in
 * the union's image, which costs a hash and a comparison a value; a union also maintains sums that only an order of values
 * gives a meaning. Hashes, registers and form are DataSketches' (its page "HLL sketch, serialization").
 */
final class Distinct {
    private static final long SEED = 42;
    private static final int LOOK = 64;

    private final int lgK;
    private Union few;
    private int untilLook = LOOK;
    private byte[] image;

    /** @param lgK logarithm of the registers: 11 → 2.3 %, 12 → 1.6 % */
    public Distinct(int lgK) {
        this.lgK = lgK;
        this.few = new Union(lgK);
    }

    private Distinct(Union union) {
        this.lgK = union.getLgConfigK();
        become(union);
    }

    public void add(double value) {
        double zeroed = value == 0 ? 0.0 : value;
        if (image != null) set(MurmurHash3.hash(Double.doubleToLongBits(zeroed), Image.HASH_SEED));
        else {
            few.update(zeroed);
            look();
        }
    }

    public void add(long value) {
        if (image != null) set(MurmurHash3.hash(value, Image.HASH_SEED));
        else {
            few.update(value);
            look();
        }
    }

    public void add(UTF8String value) {
        add(hash(value));
    }

    /** By its two's complement: equal numbers of one scale are equal. */
    public void add(BigInteger value) {
        if (image != null) set(MurmurHash3.hash(value.toByteArray(), Image.HASH_SEED));
        else {
            few.update(value.toByteArray());
            look();
        }
    }

    /** What {@link #add(long)} takes for a text, for those who meet it often. */
    static long hash(UTF8String value) {
        return XXH64.hashUTF8String(value, SEED);
    }

    private void set(long[] hash) {
        Image.set(image, lgK, hash[0], hash[1]);
    }

    private void look() {
        if (--untilLook > 0) return;
        untilLook = LOOK;
        become(few);
    }

    private void become(Union union) {
        boolean registers = union.getCompactSerializationBytes() > 1 << lgK;
        few = registers ? null : union;
        image = registers ? union.getResult(TgtHllType.HLL_8).toUpdatableByteArray() : null;
    }

    /** About how many bytes of memory it takes: a register has a byte, once there are many values. */
    public long bytes() {
        return 64L + (image != null || few.getEstimate() > 8 ? 1L << lgK : 64);
    }

    public void merge(Distinct other) {
        if (image != null && other.image != null && lgK == other.lgK) Image.merge(image, other.image);
        else {
            Union union = union();
            union.update(other.union().getResult(TgtHllType.HLL_8));
            become(union);
        }
    }

    private Union union() {
        if (few != null) return few;
        Union union = new Union(lgK);
        union.update(Image.sketch(image));
        return union;
    }

    /** Rounded estimate. */
    public long estimate() {
        return Math.round(union().getCompositeEstimate());
    }

    /** DataSketches' HLL in its compact form, readable by its libraries. */
    public byte[] toBytes() {
        return union().getResult(TgtHllType.HLL_4).toCompactByteArray();
    }

    /** From {@link #toBytes}. */
    public static Distinct fromBytes(byte[] bytes) {
        HllSketch sketch = HllSketch.heapify(bytes);
        Union union = new Union(sketch.getLgConfigK());
        union.update(sketch);
        return new Distinct(union);
    }

    /** Writes a form that {@code read} takes. */
    public void write(DataOutput out) throws IOException {
        byte[] bytes = toBytes();
        out.writeInt(bytes.length);
        out.write(bytes);
    }

    /** What {@code write} wrote. */
    public static Distinct read(DataInput in) throws IOException {
        byte[] bytes = new byte[in.readInt()];
        in.readFully(bytes);
        return fromBytes(bytes);
    }

    /**
     * DataSketches' updatable form of HLL with a byte a register, little-endian: 40 bytes (flags at 5; Σ2^-register of the
     * registers below 32 at 16, of the others at 24; the number of registers that are 0 at 32) and 2^lgK registers.
     */
    private static final class Image {
        static final long HASH_SEED = 9001;
        private static final int FLAGS = 5;
        private static final int OUT_OF_ORDER = 16;
        private static final int SMALL = 16;
        private static final int LARGE = 24;
        private static final int ZEROS = 32;
        private static final int REGISTERS = 40;
        private static final int LONGEST_RUN = 62;

        /** The register of the hash's first half becomes at least the number of leading zeros of its second, and one. */
        static void set(byte[] image, int lgK, long first, long second) {
            int register = REGISTERS + ((int) first & ((1 << lgK) - 1));
            int value = Math.min(Long.numberOfLeadingZeros(second), LONGEST_RUN) + 1;
            if (image[register] < value) image[register] = (byte) value;
        }

        static void merge(byte[] image, byte[] other) {
            for (int i = REGISTERS; i < image.length; i++) if (image[i] < other[i]) image[i] = other[i];
        }

        /** The sums are exact in any order: at most 2^lgK powers of two, of which none is below 2^-63. */
        static HllSketch sketch(byte[] image) {
            double small = 0;
            double large = 0;
            int zeros = 0;
            for (int i = REGISTERS; i < image.length; i++) {
                if (image[i] == 0) zeros++;
                if (image[i] < 32) small += Math.scalb(1.0, -image[i]);
                else large += Math.scalb(1.0, -image[i]);
            }
            ByteBuffer form = ByteBuffer.wrap(image.clone()).order(ByteOrder.LITTLE_ENDIAN);
            form.put(FLAGS, (byte) (form.get(FLAGS) | OUT_OF_ORDER));
            form.putDouble(SMALL, small).putDouble(LARGE, large).putInt(ZEROS, zeros);
            return HllSketch.heapify(form.array());
        }
    }
}
