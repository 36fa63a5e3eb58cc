package dev.millrace.registry.platform.settings;

import java.util.Collection;
import java.util.Comparator;
import java.util.Locale;
import java.util.Optional;

/** Finds the name a user probably meant. */
final class Nearest {
    private static final int MAX_DISTANCE = 2;

    private Nearest() {}

    /** The candidate within two edits of {@code wanted} (case ignored), the closest first, ties by name. */
    static Optional<String> to(String wanted, Collection<String> candidates) {
        String lower = wanted.toLowerCase(Locale.ROOT);
        return candidates.stream()
                .filter(candidate -> distance(lower, candidate.toLowerCase(Locale.ROOT)) <= MAX_DISTANCE)
                .min(Comparator.<String>comparingInt(candidate -> distance(lower, candidate.toLowerCase(Locale.ROOT)))
                        .thenComparing(Comparator.naturalOrder()));
    }

    /** {@code " Did you mean `x`?"}, or nothing. */
    static String hint(String wanted, Collection<String> candidates) {
        return to(wanted, candidates)
                .map(name -> " Did you mean `" + name + "`?")
                .orElse("");
    }

    /**
     * Damerau–Levenshtein distance, in its optimal string alignment form: insertions, deletions, substitutions and
     * swaps of neighbours cost 1 each.
     */
    static int distance(String left, String right) {
        int[][] cost = new int[left.length() + 1][right.length() + 1];
        for (int i = 0; i <= left.length(); i++) cost[i][0] = i;
        for (int j = 0; j <= right.length(); j++) cost[0][j] = j;
        for (int i = 1; i <= left.length(); i++) {
            for (int j = 1; j <= right.length(); j++) {
                int substitution = left.charAt(i - 1) == right.charAt(j - 1) ? 0 : 1;
                int best =
                        Math.min(Math.min(cost[i - 1][j] + 1, cost[i][j - 1] + 1), cost[i - 1][j - 1] + substitution);
                boolean swapped = i > 1
                        && j > 1
                        && left.charAt(i - 1) == right.charAt(j - 2)
                        && left.charAt(i - 2) == right.charAt(j - 1);
                cost[i][j] = swapped ? Math.min(best, cost[i - 2][j - 2] + 1) : best;
            }
        }
        return cost[left.length()][right.length()];
    }
}
