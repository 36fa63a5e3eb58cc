package dev.millrace.engine.scan;

import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.math.BigInteger;
import org.apache.datasketches.hll.HllSketch;
import org.apache.datasketches.hll.TgtHllType;
import org.apache.datasketches.hll.Union;
import org.apache.spark.sql.catalyst.expressions.XXH64;
import org.apache.spark.unsafe.types.UTF8String;

/**
 * How many different values there are, by HyperLogLog. Read through a union and by registers alone, so the estimate does
 * not depend on the order of values or merges. Standard error 1.04/√2^lgK. Not thread-safe.
 */
final class Distinct {
    private static final long SEED = 42;

    private final Union union;

    /** @param lgK logarithm of the registers: 11 → 2.3 %, 12 → 1.6 % */
    public Distinct(int lgK) {
        this(new Union(lgK));
    }

    private Distinct(Union union) {
        this.union = union;
    }

    public void add(double value) {
        union.update(value == 0 ? 0.0 : value);
    }

    public void add(long value) {
        union.update(value);
    }

    public void add(UTF8String value) {
        union.update(XXH64.hashUTF8String(value, SEED));
    }

    /** By its two's complement: equal numbers of one scale are equal. */
    public void add(BigInteger value) {
        union.update(value.toByteArray());
    }

    /** About how many bytes of memory it takes: a register has a byte, once there are many values. */
    public long bytes() {
        return 64L + (union.isEstimationMode() || union.getEstimate() > 8 ? 1L << union.getLgConfigK() : 64);
    }

    public void merge(Distinct other) {
        union.update(other.union.getResult(TgtHllType.HLL_8));
    }

    /** Rounded estimate. */
    public long estimate() {
        return Math.round(union.getCompositeEstimate());
    }

    /** DataSketches' HLL in its compact form, readable by its libraries. */
    public byte[] toBytes() {
        return union.getResult(TgtHllType.HLL_4).toCompactByteArray();
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
}
