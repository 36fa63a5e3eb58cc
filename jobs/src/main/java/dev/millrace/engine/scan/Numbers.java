package dev.millrace.engine.scan;

import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import org.apache.datasketches.kll.KllDoublesSketch;
import org.apache.datasketches.memory.Memory;
import org.apache.datasketches.quantilescommon.QuantileSearchCriteria;

/** Moments, quantiles and bins of finite doubles. Values are gathered in blocks. Not thread-safe. */
final class Numbers {
    private static final int KLL_K = 2048;
    private static final int BLOCK = 256;

    final Moments moments;
    private ValueBins bins = new ValueBins();
    /** Null until a block is full: an empty sketch already has its array. */
    private KllDoublesSketch kll;

    private double[] block;
    private int inBlock;

    Numbers(int scale) {
        this(new Moments(scale));
    }

    private Numbers(Moments moments) {
        this.moments = moments;
    }

    /** Tells bins and quantiles a value; moments are told apart, because they may know it better. */
    void add(double value) {
        if (block == null) block = new double[BLOCK];
        block[inBlock++] = value;
        if (inBlock == BLOCK) flush();
    }

    private void flush() {
        if (inBlock == 0) return;
        if (kll == null) kll = KllDoublesSketch.newHeapInstance(KLL_K);
        for (int i = 0; i < inBlock; i++) bins.add(block[i]);
        kll.update(block, 0, inBlock);
        inBlock = 0;
    }

    void merge(Numbers other) {
        flush();
        other.flush();
        moments.merge(other.moments);
        bins.merge(other.bins);
        if (kll == null) kll = other.kll;
        else if (other.kll != null) kll.merge(other.kll);
    }

    ValueBins bins() {
        flush();
        return bins;
    }

    double[] quantiles(double... ranks) {
        flush();
        return kll == null ? new double[0] : kll.getQuantiles(ranks, QuantileSearchCriteria.INCLUSIVE);
    }

    double rankError() {
        flush();
        return kll == null || !kll.isEstimationMode() ? 0 : kll.getNormalizedRankError(false);
    }

    byte[] kllBytes() {
        flush();
        return (kll == null ? KllDoublesSketch.newHeapInstance(KLL_K) : kll).toByteArray();
    }

    long bytes() {
        return moments.bytes()
                + bins.bytes()
                + (block == null ? 0 : 8L * BLOCK)
                + (kll == null ? 0 : 8L * (KLL_K + kll.getNumRetained()));
    }

    void write(DataOutput out) throws IOException {
        flush();
        moments.write(out);
        bytes(out, bins.toBytes());
        bytes(out, kll == null ? new byte[0] : kll.toByteArray());
    }

    private static void bytes(DataOutput out, byte[] bytes) throws IOException {
        out.writeInt(bytes.length);
        out.write(bytes);
    }

    static Numbers read(int scale, DataInput in) throws IOException {
        Numbers numbers = new Numbers(Moments.read(scale, in));
        numbers.bins = ValueBins.fromBytes(bytes(in));
        byte[] kll = bytes(in);
        if (kll.length > 0) numbers.kll = KllDoublesSketch.heapify(Memory.wrap(kll));
        return numbers;
    }

    private static byte[] bytes(DataInput in) throws IOException {
        byte[] bytes = new byte[in.readInt()];
        in.readFully(bytes);
        return bytes;
    }
}
