package dev.millrace.engine.scan;

import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.util.OptionalDouble;

/**
 * Count, mean and sums of powers of deviations of a column; a mergeable value.
 *
 * <p>One value at a time by Welford (1962) as Pébay (2008, SAND2008-6212) extends it to the fourth power, parts by the
 * same paper's merge. Both orders of a merge agree within rounding, not bit for bit, so callers merge in partition order.
 * Not thread-safe.
 */
public final class Moments {
    private long count;
    private double mean;
    private double m2;
    private double m3;
    private double m4;

    /** @param value finite */
    public void add(double value) {
        double before = count;
        count++;
        double n = count;
        double delta = value - mean;
        double step = delta / n;
        double step2 = step * step;
        double term = delta * step * before;
        mean += step;
        m4 += term * step2 * (n * n - 3 * n + 3) + 6 * step2 * m2 - 4 * step * m3;
        m3 += term * step * (n - 2) - 3 * step * m2;
        m2 += term;
    }

    public void merge(Moments that) {
        if (that.count == 0) return; // also keeps 0/0 out of the lines below
        double a = count;
        double b = that.count;
        double n = a + b;
        double delta = that.mean - mean;
        double ratio = delta / n;
        double newM4 = m4
                + that.m4
                + delta * ratio * ratio * ratio * a * b * (a * a - a * b + b * b)
                + 6 * ratio * ratio * (a * a * that.m2 + b * b * m2)
                + 4 * ratio * (a * that.m3 - b * m3);
        double newM3 = m3 + that.m3 + delta * ratio * ratio * a * b * (a - b) + 3 * ratio * (a * that.m2 - b * m2);
        m2 = m2 + that.m2 + delta * ratio * a * b;
        m3 = newM3;
        m4 = newM4;
        mean += ratio * b;
        count = Math.addExact(count, that.count);
    }

    public long count() {
        return count;
    }

    /** Absent without values. */
    public OptionalDouble mean() {
        return count == 0 ? OptionalDouble.empty() : OptionalDouble.of(mean);
    }

    public double m2() {
        return m2;
    }

    public double m3() {
        return m3;
    }

    public double m4() {
        return m4;
    }

    /** Sample standard deviation (n − 1), like numpy's {@code std(ddof=1)}; absent below two values. */
    public OptionalDouble deviation() {
        return count < 2 ? OptionalDouble.empty() : OptionalDouble.of(Math.sqrt(m2 / (count - 1)));
    }

    /** Population skewness √n·m3/m2^1.5; absent when nothing varies. */
    public OptionalDouble skewness() {
        return m2 > 0 ? OptionalDouble.of(Math.sqrt((double) count) * m3 / Math.pow(m2, 1.5)) : OptionalDouble.empty();
    }

    /** Population excess kurtosis n·m4/m2² − 3; absent when nothing varies. */
    public OptionalDouble kurtosis() {
        return m2 > 0 ? OptionalDouble.of((double) count * m4 / (m2 * m2) - 3) : OptionalDouble.empty();
    }

    void write(DataOutput out) throws IOException {
        out.writeLong(count);
        out.writeDouble(mean);
        out.writeDouble(m2);
        out.writeDouble(m3);
        out.writeDouble(m4);
    }

    static Moments read(DataInput in) throws IOException {
        Moments moments = new Moments();
        moments.count = in.readLong();
        moments.mean = in.readDouble();
        moments.m2 = in.readDouble();
        moments.m3 = in.readDouble();
        moments.m4 = in.readDouble();
        return moments;
    }
}
