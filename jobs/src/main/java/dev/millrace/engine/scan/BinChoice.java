package dev.millrace.engine.scan;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Chooses the bins of a column from a sample of its values. The order of the sample does not matter. */
public final class BinChoice {
    /** Cells between the edges, at most (CONTRACT §7). */
    public static final int BINS = 256;
    /** Categories with a cell of their own, at most; the rarer ones are pooled. */
    public static final int CATEGORIES = 100;

    private BinChoice() {}

    /**
     * Quantile bins. A value that holds as much as a bin should gets a bin of its own, which then is a point; a column of
     * few values has only those. NaN and infinities are left out.
     *
     * @return without edges when the sample has no finite value
     */
    public static ColumnBins numbers(String column, double[] sample) {
        double[] sorted = Arrays.stream(sample)
                .filter(Double::isFinite)
                .map(value -> value == 0 ? 0.0 : value)
                .sorted()
                .toArray();
        for (int wanted = BINS; ; wanted = wanted * 15 / 16) {
            double[] edges = edges(sorted, wanted);
            if (edges.length <= BINS + 1) return ColumnBins.numbers(column, edges);
        }
    }

    private static double[] edges(double[] sorted, int wanted) {
        double share = (double) sorted.length / wanted;
        List<Double> edges = new ArrayList<>();
        int inBin = 0;
        int from = 0;
        while (from < sorted.length) {
            double value = sorted[from];
            int to = from;
            while (to < sorted.length && sorted[to] == value) to++;
            int ties = to - from;
            boolean heavy = ties >= share;
            if (inBin == 0 || heavy || inBin + ties / 2.0 > share) {
                add(edges, value);
                inBin = 0;
            }
            inBin += ties;
            if (heavy) {
                add(edges, Math.nextUp(value));
                inBin = 0;
            }
            from = to;
        }
        if (!edges.isEmpty()) add(edges, Math.nextUp(sorted[sorted.length - 1]));
        return edges.stream().mapToDouble(Double::doubleValue).toArray();
    }

    private static void add(List<Double> edges, double edge) {
        boolean rises = edges.isEmpty() || edges.get(edges.size() - 1) < edge;
        if (rises && edge < Double.POSITIVE_INFINITY) edges.add(edge);
    }

    /**
     * The most frequent texts of the sample; equals by their text.
     *
     * @param hashed keep only a hash of each
     */
    public static ColumnBins categories(String column, Iterable<String> sample, boolean hashed) {
        Map<String, Integer> counts = new TreeMap<>();
        for (String value : sample) {
            if (value != null) counts.merge(hashed ? hash(value) : value, 1, Integer::sum);
        }
        List<String> values = counts.entrySet().stream()
                .sorted(Map.Entry.<String, Integer>comparingByValue()
                        .reversed()
                        .thenComparing(Map.Entry.comparingByKey()))
                .limit(CATEGORIES)
                .map(Map.Entry::getKey)
                .toList();
        return ColumnBins.categories(column, values, hashed);
    }

    /** The first 16 hex digits of SHA-256, as examples and samples show private values. */
    static String hash(String value) {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(value.getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(digest).substring(0, 16);
        } catch (NoSuchAlgorithmException impossible) {
            throw new AssertionError("Every JDK has SHA-256", impossible);
        }
    }
}
