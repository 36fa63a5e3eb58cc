package dev.millrace.engine.scan;

import java.io.ByteArrayInputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What people want to know of a column, without its sketches: some thousand bytes, so that the driver can hold those of
 * thousands of columns. NaN where there is none.
 *
 * @param values rows with a value, NaN and infinities among them
 * @param cut texts that count among the frequent ones under their beginning
 * @param min of numbers and times, the nearest double; of texts the least length
 * @param exactMin of whole numbers and decimals, to the last digit
 * @param deviation sample standard deviation
 * @param rankError of the quantiles, with 99 % confidence
 * @param quantiles at {@link #RANKS}; empty without numbers
 * @param histogram counts in equal steps between least and greatest value; empty without numbers
 * @param frequent texts or booleans by falling count
 * @param numbersAsText whether each of the 200 most frequent texts is a number
 * @param imbalance 1 − H / log₂ k of at most 50 exactly counted values, as ydata-profiling; 0 when all are equally frequent
 */
public record ColumnFacts(
        ColumnKind kind,
        long rows,
        long nulls,
        long values,
        long nan,
        long infinite,
        long zeros,
        long empty,
        long blank,
        long cut,
        long distinct,
        double min,
        double max,
        Optional<String> exactMin,
        Optional<String> exactMax,
        double meanLength,
        double mean,
        double deviation,
        double skewness,
        double kurtosis,
        double rankError,
        List<Double> quantiles,
        List<Double> histogram,
        List<ColumnProfile.Item> frequent,
        boolean numbersAsText,
        double imbalance) {

    /** Ranks of {@link #quantiles}. */
    public static final List<Double> RANKS = List.of(0.0, 0.05, 0.25, 0.5, 0.75, 0.95, 1.0);

    private static final int BARS = 40;
    private static final int FREQUENT = 10;
    private static final int CATEGORIES = 50;
    private static final int LOOKED_AT = 200;

    static ColumnFacts of(ColumnProfile column) {
        boolean ordered = column.kind().isOrdered();
        boolean number = column.kind().isNumber();
        boolean listed = column.kind() == ColumnKind.TEXT || column.kind() == ColumnKind.BOOLEAN;
        double min = column.min().orElse(Double.NaN);
        double max = column.max().orElse(Double.NaN);
        double[] ranks = RANKS.stream().mapToDouble(Double::doubleValue).toArray();
        return new ColumnFacts(
                column.kind(),
                column.rows(),
                column.nulls(),
                column.values(),
                column.nan(),
                column.positiveInfinite() + column.negativeInfinite(),
                column.zeros(),
                column.empty(),
                column.blank(),
                column.cut(),
                column.kind() == ColumnKind.OTHER ? 0 : column.distinct(),
                min,
                max,
                column.exactMin().map(BigDecimal::toPlainString),
                column.exactMax().map(BigDecimal::toPlainString),
                column.meanLength().orElse(Double.NaN),
                number ? column.moments().mean().orElse(Double.NaN) : Double.NaN,
                number ? column.moments().deviation().orElse(Double.NaN) : Double.NaN,
                number ? column.moments().skewness().orElse(Double.NaN) : Double.NaN,
                number ? column.moments().kurtosis().orElse(Double.NaN) : Double.NaN,
                ordered ? column.rankError() : Double.NaN,
                ordered ? list(column.quantiles(ranks)) : List.of(),
                ordered && min <= max ? list(column.bins().steps(min, max, BARS)) : List.of(),
                listed ? List.copyOf(column.frequent(FREQUENT)) : List.of(),
                column.kind() == ColumnKind.TEXT && numbersAsText(column.frequent(LOOKED_AT)),
                listed ? imbalance(column) : Double.NaN);
    }

    private static List<Double> list(double[] values) {
        List<Double> list = new ArrayList<>();
        for (double value : values) list.add(value);
        return list;
    }

    private static boolean numbersAsText(List<ColumnProfile.Item> items) {
        return !items.isEmpty() && items.stream().allMatch(item -> isNumber(item.text()));
    }

    private static boolean isNumber(String text) {
        String trimmed = text.strip();
        if (trimmed.isEmpty() || !trimmed.matches("[-+]?[0-9]*\\.?[0-9]+([eE][-+]?[0-9]+)?")) return false;
        // 007 is a code, not a number.
        return !trimmed.matches("[-+]?0[0-9]+.*");
    }

    private static double imbalance(ColumnProfile column) {
        List<ColumnProfile.Item> items = column.frequent(CATEGORIES + 1);
        if (items.size() < 2 || items.size() > CATEGORIES || !items.get(0).exact()) return Double.NaN;
        double entropy = 0;
        for (ColumnProfile.Item item : items) {
            double share = (double) item.count() / column.values();
            entropy -= share * Math.log(share);
        }
        return 1 - entropy / Math.log(items.size());
    }

    byte[] toBytes() {
        return Scan.bytes(this::write);
    }

    private void write(DataOutputStream out) throws IOException {
        out.writeUTF(kind.name());
        for (long count : new long[] {rows, nulls, values, nan, infinite, zeros, empty, blank, cut, distinct}) {
            out.writeLong(count);
        }
        for (double value :
                new double[] {min, max, meanLength, mean, deviation, skewness, kurtosis, rankError, imbalance}) {
            out.writeDouble(value);
        }
        out.writeUTF(exactMin.orElse(""));
        out.writeUTF(exactMax.orElse(""));
        out.writeBoolean(numbersAsText);
        write(out, quantiles);
        write(out, histogram);
        out.writeInt(frequent.size());
        for (ColumnProfile.Item item : frequent) {
            out.writeUTF(item.text());
            out.writeLong(item.count());
            out.writeBoolean(item.exact());
        }
    }

    private static void write(DataOutputStream out, List<Double> values) throws IOException {
        out.writeInt(values.size());
        for (double value : values) out.writeDouble(value);
    }

    static ColumnFacts fromBytes(byte[] bytes) {
        try (DataInputStream in = new DataInputStream(new ByteArrayInputStream(bytes))) {
            ColumnKind kind = ColumnKind.valueOf(in.readUTF());
            long[] counts = new long[10];
            for (int i = 0; i < counts.length; i++) counts[i] = in.readLong();
            double[] values = new double[9];
            for (int i = 0; i < values.length; i++) values[i] = in.readDouble();
            Optional<String> exactMin = Optional.of(in.readUTF()).filter(text -> !text.isEmpty());
            Optional<String> exactMax = Optional.of(in.readUTF()).filter(text -> !text.isEmpty());
            boolean numbersAsText = in.readBoolean();
            List<Double> quantiles = read(in);
            List<Double> histogram = read(in);
            List<ColumnProfile.Item> frequent = new ArrayList<>();
            int items = in.readInt();
            for (int i = 0; i < items; i++) {
                frequent.add(new ColumnProfile.Item(in.readUTF(), in.readLong(), in.readBoolean()));
            }
            return new ColumnFacts(
                    kind,
                    counts[0],
                    counts[1],
                    counts[2],
                    counts[3],
                    counts[4],
                    counts[5],
                    counts[6],
                    counts[7],
                    counts[8],
                    counts[9],
                    values[0],
                    values[1],
                    exactMin,
                    exactMax,
                    values[2],
                    values[3],
                    values[4],
                    values[5],
                    values[6],
                    values[7],
                    quantiles,
                    histogram,
                    frequent,
                    numbersAsText,
                    values[8]);
        } catch (IOException broken) {
            throw new UncheckedIOException(broken);
        }
    }

    private static List<Double> read(DataInputStream in) throws IOException {
        List<Double> values = new ArrayList<>();
        int count = in.readInt();
        for (int i = 0; i < count; i++) values.add(in.readDouble());
        return values;
    }
}
