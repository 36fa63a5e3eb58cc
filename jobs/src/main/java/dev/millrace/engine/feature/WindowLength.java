package dev.millrace.engine.feature;

import dev.millrace.engine.window.Lookback;
import dev.millrace.platform.config.FromText;
import dev.millrace.platform.config.Scalars;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The length of a window, as it was written: {@code 24h}, {@code 7d}, {@code month}, {@code 3month}, {@code quarter},
 * {@code year}. Its text is part of the names of columns.
 *
 * @param text without spaces
 */
public record WindowLength(String text, Lookback lookback) {
    private static final Pattern CALENDAR = Pattern.compile("([0-9]{0,4})(month|quarter|year)");
    private static final int MAX_MONTHS = 12_000;

    /** @throws IllegalArgumentException for what is neither a duration nor a number of calendar units */
    @FromText
    public static WindowLength parse(String text) {
        String trimmed = text.trim().replace(" ", "");
        Optional<Integer> months = months(trimmed);
        return new WindowLength(
                trimmed, months.isPresent() ? Lookback.ofMonths(months.get()) : Lookback.ofMicros(positive(trimmed)));
    }

    private static long positive(String text) {
        long micros;
        try {
            micros = Math.multiplyExact(Scalars.duration(text).toMillis(), 1_000);
        } catch (IllegalArgumentException unreadable) {
            throw new IllegalArgumentException(
                    unreadable.getMessage() + ", or a calendar length such as month, quarter, year or 3month",
                    unreadable);
        }
        if (micros == 0) throw new IllegalArgumentException("a window must have a length greater than 0");
        return micros;
    }

    /** Calendar months, when the text is in calendar units. */
    static Optional<Integer> months(String text) {
        Matcher matcher = CALENDAR.matcher(text);
        if (!matcher.matches()) return Optional.empty();
        int count = matcher.group(1).isEmpty() ? 1 : Integer.parseInt(matcher.group(1));
        int months = count
                * switch (matcher.group(2)) {
                    case "month" -> 1;
                    case "quarter" -> 3;
                    default -> 12;
                };
        if (months == 0 || months > MAX_MONTHS) {
            throw new IllegalArgumentException("expected between one month and a thousand years");
        }
        return Optional.of(months);
    }
}
