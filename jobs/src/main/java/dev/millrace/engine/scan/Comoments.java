package dev.millrace.engine.scan;

import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.apache.spark.sql.catalyst.InternalRow;

/**
 * Co-moments of every pair of numbers, for correlations: rows in which either is missing do not count for the pair. Rows
 * are gathered in blocks; within a block the products are centred at the block's own means, and blocks are joined as Chan,
 * Golub and LeVeque (1979) join parts. Cost per row: one multiplication and addition per pair. Not thread-safe.
 */
public final class Comoments implements Accumulator {
    private static final int BLOCK = 256;

    private final List<NumberField> fields;
    private final int columns;
    private final double[][] block;
    private int inBlock;
    /** Per pair (i ≤ k): rows, both means, both sums of squares and the sum of products. */
    private final double[][] pairs;

    /** @param fields the numbers of a row */
    record Type(List<NumberField> fields) implements Summary {
        Type {
            fields = new ArrayList<>(fields); // shipped
        }

        @Override
        public Accumulator start() {
            return new Comoments(fields);
        }

        @Override
        public Accumulator read(DataInput in) throws IOException {
            Comoments comoments = new Comoments(fields);
            for (double[] pair : comoments.pairs) for (int i = 0; i < pair.length; i++) pair[i] = in.readDouble();
            return comoments;
        }
    }

    Comoments(List<NumberField> fields) {
        this.fields = fields;
        this.columns = fields.size();
        this.block = new double[columns][BLOCK];
        this.pairs = new double[columns * (columns + 1) / 2][6];
    }

    @Override
    public void add(InternalRow row) {
        for (int i = 0; i < columns; i++) block[i][inBlock] = fields.get(i).of(row);
        if (++inBlock == BLOCK) flush();
    }

    /** @param values one per column; NaN and infinities are missing */
    void add(double[] values) {
        for (int i = 0; i < columns; i++) block[i][inBlock] = values[i];
        if (++inBlock == BLOCK) flush();
    }

    private void flush() {
        int rows = inBlock;
        inBlock = 0;
        if (rows == 0) return;
        boolean[] whole = new boolean[columns];
        double[] means = new double[columns];
        double[][] centred = new double[columns][];
        for (int i = 0; i < columns; i++) {
            double sum = 0;
            for (int row = 0; row < rows; row++) sum += block[i][row];
            means[i] = sum / rows;
            whole[i] = Double.isFinite(sum);
            if (!whole[i]) continue;
            centred[i] = new double[rows];
            for (int row = 0; row < rows; row++) centred[i][row] = block[i][row] - means[i];
        }
        int pair = 0;
        double[] squares = new double[columns];
        for (int i = 0; i < columns; i++) if (whole[i]) squares[i] = product(centred[i], centred[i], rows);
        for (int i = 0; i < columns; i++) {
            for (int k = 0; k <= i; k++, pair++) {
                if (whole[i] && whole[k]) {
                    double products = i == k ? squares[i] : product(centred[i], centred[k], rows);
                    join(pairs[pair], rows, means[i], means[k], squares[i], squares[k], products);
                } else {
                    incomplete(pairs[pair], block[i], block[k], rows);
                }
            }
        }
    }

    private static double product(double[] left, double[] right, int rows) {
        double sum = 0;
        for (int row = 0; row < rows; row++) sum += left[row] * right[row];
        return sum;
    }

    private static void incomplete(double[] pair, double[] left, double[] right, int rows) {
        double n = 0;
        double x = 0;
        double y = 0;
        for (int row = 0; row < rows; row++) {
            if (!Double.isFinite(left[row]) || !Double.isFinite(right[row])) continue;
            n++;
            x += left[row];
            y += right[row];
        }
        if (n == 0) return;
        x /= n;
        y /= n;
        double xx = 0;
        double yy = 0;
        double xy = 0;
        for (int row = 0; row < rows; row++) {
            if (!Double.isFinite(left[row]) || !Double.isFinite(right[row])) continue;
            double dx = left[row] - x;
            double dy = right[row] - y;
            xx += dx * dx;
            yy += dy * dy;
            xy += dx * dy;
        }
        join(pair, n, x, y, xx, yy, xy);
    }

    private static void join(double[] pair, double n, double x, double y, double xx, double yy, double xy) {
        if (n == 0) return;
        double total = pair[0] + n;
        double dx = x - pair[1];
        double dy = y - pair[2];
        double weight = pair[0] * n / total;
        pair[3] += xx + dx * dx * weight;
        pair[4] += yy + dy * dy * weight;
        pair[5] += xy + dx * dy * weight;
        pair[1] += dx * n / total;
        pair[2] += dy * n / total;
        pair[0] = total;
    }

    @Override
    public void merge(Accumulator later) {
        Comoments other = (Comoments) later;
        flush();
        other.flush();
        for (int i = 0; i < pairs.length; i++) {
            double[] that = other.pairs[i];
            join(pairs[i], that[0], that[1], that[2], that[3], that[4], that[5]);
        }
    }

    /** Pearson's correlation of two columns; NaN below two rows or when one does not vary. */
    public double correlation(int one, int other) {
        flush();
        int high = Math.max(one, other);
        double[] pair = pairs[high * (high + 1) / 2 + Math.min(one, other)];
        if (pair[0] < 2 || pair[3] <= 0 || pair[4] <= 0) return Double.NaN;
        return Math.max(-1, Math.min(1, pair[5] / Math.sqrt(pair[3]) / Math.sqrt(pair[4])));
    }

    @Override
    public long bytes() {
        return 8L * columns * BLOCK + 64L * pairs.length;
    }

    @Override
    public void write(DataOutput out) throws IOException {
        flush();
        for (double[] pair : pairs) for (double value : pair) out.writeDouble(value);
    }
}
