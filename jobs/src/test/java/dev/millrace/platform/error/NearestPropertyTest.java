package dev.millrace.platform.error;

import static org.assertj.core.api.Assertions.assertThat;

import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.Chars;
import net.jqwik.api.constraints.StringLength;

class NearestPropertyTest {
    @Property(tries = 300)
    void theDistanceIsThatOfTheRecursiveDefinition(
            @ForAll @Chars({'a', 'b', 'c'}) @StringLength(max = 6) String left,
            @ForAll @Chars({'a', 'b', 'c'}) @StringLength(max = 6) String right) {
        assertThat(Nearest.distance(left, right)).isEqualTo(defined(left, right));
    }

    /** Boytsov (2011), "Indexing methods for approximate dictionary searching", the recurrence as it stands there. */
    private static int defined(String left, String right) {
        if (left.isEmpty() || right.isEmpty()) return left.length() + right.length();
        String shorterLeft = left.substring(0, left.length() - 1);
        String shorterRight = right.substring(0, right.length() - 1);
        boolean same = left.charAt(left.length() - 1) == right.charAt(right.length() - 1);
        int best = Math.min(defined(shorterLeft, right), defined(left, shorterRight)) + 1;
        best = Math.min(best, defined(shorterLeft, shorterRight) + (same ? 0 : 1));
        boolean swapped = left.length() > 1
                && right.length() > 1
                && left.charAt(left.length() - 1) == right.charAt(right.length() - 2)
                && left.charAt(left.length() - 2) == right.charAt(right.length() - 1);
        if (!swapped) return best;
        return Math.min(
                best, defined(left.substring(0, left.length() - 2), right.substring(0, right.length() - 2)) + 1);
    }

    @Property(tries = 300)
    void theDistanceIsTheSameBothWaysAndZeroOnlyForEqualTexts(
            @ForAll @StringLength(max = 8) String left, @ForAll @StringLength(max = 8) String right) {
        assertThat(Nearest.distance(left, right)).isEqualTo(Nearest.distance(right, left));
        assertThat(Nearest.distance(left, right) == 0).isEqualTo(left.equals(right));
    }
}
