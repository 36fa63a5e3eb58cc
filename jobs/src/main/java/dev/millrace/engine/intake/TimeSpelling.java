package dev.millrace.engine.intake;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeFormatterBuilder;
import java.time.format.ResolverStyle;
import java.time.temporal.TemporalAccessor;
import java.time.temporal.TemporalQueries;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * How dates and times are written in a column: patterns of {@link DateTimeFormatter} or the words {@code iso}, {@code
 * epoch-seconds} (up to 11 digits), {@code epoch-millis} (12 and more). The first that fits wins. Strict: 30 February
 * is no date. Not serializable; make one per task.
 */
public final class TimeSpelling {
    private static final DateTimeFormatter ISO = new DateTimeFormatterBuilder()
            .append(DateTimeFormatter.ISO_LOCAL_DATE)
            .optionalStart()
            .appendPattern("[ ]['T']")
            .append(DateTimeFormatter.ISO_LOCAL_TIME)
            .optionalStart()
            .appendPattern("[XXX][XX][X]")
            .optionalEnd()
            .optionalEnd()
            .toFormatter(Locale.ROOT)
            .withResolverStyle(ResolverStyle.STRICT);

    private static final List<String> WORDS = List.of("iso", "epoch-seconds", "epoch-millis");

    /** With all its parts different, so that a pattern that swaps or lacks one is noticed. */
    private static final ZonedDateTime SAMPLE = ZonedDateTime.of(2021, 11, 23, 16, 35, 48, 0, ZoneOffset.UTC);

    private final List<String> patterns;
    private final List<DateTimeFormatter> formatters = new ArrayList<>();

    /**
     * @param patterns tried in order; empty = {@code iso}
     * @throws IllegalArgumentException for an invalid pattern, and for one that does not name a day
     */
    public TimeSpelling(List<String> patterns, Locale locale) {
        this.patterns = patterns.isEmpty() ? List.of("iso") : List.copyOf(patterns);
        for (String pattern : this.patterns) formatters.add(WORDS.contains(pattern) ? ISO : checked(pattern, locale));
    }

    private static DateTimeFormatter checked(String pattern, Locale locale) {
        DateTimeFormatter formatter;
        String written;
        try {
            formatter = formatter(pattern, locale);
            written = formatter.format(SAMPLE);
        } catch (IllegalArgumentException | DateTimeException invalid) {
            throw new IllegalArgumentException(
                    "the pattern `" + pattern + "` is invalid (" + invalid.getMessage()
                            + "); valid are patterns such as" + " `yyyy-MM-dd HH:mm:ss` and the words "
                            + String.join(", ", WORDS),
                    invalid);
        }
        try {
            TemporalAccessor read = formatter.parse(written);
            boolean timeOfDay = pattern.replaceAll("'[^']*'", "").matches("(?s).*[hHkKmsSnNA].*");
            if (timeOfDay && read.query(TemporalQueries.localTime()) == null) {
                throw new IllegalArgumentException("the pattern `" + pattern
                        + "` does not contain a time of day; write hours as `HH`, or as `hh` with `a` for AM and PM");
            }
            if (read.query(TemporalQueries.localDate()) != null) return formatter;
        } catch (DateTimeException incomplete) {
            // Refused below: what it writes, it cannot read back.
        }
        throw new IllegalArgumentException(
                "the pattern `" + pattern + "` does not contain a day; write year, month and day,"
                        + " e.g. `yyyy-MM-dd`, or declare the column as a number or string");
    }

    private static DateTimeFormatter formatter(String pattern, Locale locale) {
        // `y` is the year of an era, which strict resolving cannot do without the era; people mean `u`.
        return new DateTimeFormatterBuilder()
                .parseCaseInsensitive()
                .appendPattern(pattern.replace('y', 'u'))
                .toFormatter(locale)
                .withResolverStyle(ResolverStyle.STRICT);
    }

    /** The day; a time of day is refused, so that nothing is lost. Years 1 to 9999. */
    public Optional<LocalDate> date(String text) {
        for (int i = 0; i < patterns.size(); i++) {
            Optional<TemporalAccessor> parsed = parsed(i, text);
            if (parsed.isEmpty()) continue;
            LocalDate day = parsed.get().query(TemporalQueries.localDate());
            if (day == null || parsed.get().query(TemporalQueries.localTime()) != null) continue;
            if (day.getYear() >= 1 && day.getYear() <= 9999) return Optional.of(day);
        }
        return Optional.empty();
    }

    /**
     * A time as it is written.
     *
     * @param zone the zone or offset written with it; null when there is none
     */
    record Written(LocalDateTime local, ZoneId zone) {}

    /** The time; a date alone is its midnight. */
    Optional<Written> time(String text) {
        for (int i = 0; i < patterns.size(); i++) {
            Optional<TemporalAccessor> parsed = parsed(i, text);
            if (parsed.isEmpty()) continue;
            TemporalAccessor found = parsed.get();
            if (found instanceof LocalDateTime local) return Optional.of(new Written(local, null));
            if (found instanceof Instant moment) {
                return Optional.of(new Written(LocalDateTime.ofInstant(moment, ZoneOffset.UTC), ZoneOffset.UTC));
            }
            LocalDate day = found.query(TemporalQueries.localDate());
            if (day == null) continue;
            LocalTime time = found.query(TemporalQueries.localTime());
            return Optional.of(new Written(
                    day.atTime(time == null ? LocalTime.MIDNIGHT : time), found.query(TemporalQueries.zone())));
        }
        return Optional.empty();
    }

    private Optional<TemporalAccessor> parsed(int index, String text) {
        String pattern = patterns.get(index);
        try {
            if (pattern.startsWith("epoch-")) return epoch(pattern, text);
            if (pattern.equals("iso")) {
                TemporalAccessor common = commonIso(text);
                if (common != null) return Optional.of(common);
            }
            return Optional.of(formatters.get(index).parse(text));
        } catch (DateTimeException | ArithmeticException unfit) {
            return Optional.empty();
        }
    }

    /**
     * {@code 2024-03-05}, {@code 2024-03-05T10:00:00}, with a blank for T, a fraction, a Z: read by position, which
     * costs a tenth of a formatter. Null for other forms, which the formatter then reads or refuses.
     */
    private static TemporalAccessor commonIso(String text) {
        int length = text.length();
        if (length < 10 || text.charAt(4) != '-' || text.charAt(7) != '-') return null;
        int year = digits(text, 0, 4);
        int month = digits(text, 5, 7);
        int day = digits(text, 8, 10);
        if (year < 0 || month < 0 || day < 0) return null;
        LocalDate date = LocalDate.of(year, month, day);
        if (length == 10) return date;
        char between = text.charAt(10);
        if (length < 19 || (between != 'T' && between != ' ') || text.charAt(13) != ':' || text.charAt(16) != ':') {
            return null;
        }
        int hour = digits(text, 11, 13);
        int minute = digits(text, 14, 16);
        int second = digits(text, 17, 19);
        if (hour < 0 || minute < 0 || second < 0) return null;
        boolean utc = text.charAt(length - 1) == 'Z';
        int end = utc ? length - 1 : length;
        int nanos = end == 19 ? 0 : nanos(text, end);
        if (nanos < 0) return null;
        LocalDateTime time = date.atTime(hour, minute, second, nanos);
        return utc ? time.toInstant(ZoneOffset.UTC) : time;
    }

    /** The fraction from position 19 to {@code end}; -1 when it is none. */
    private static int nanos(String text, int end) {
        if (text.charAt(19) != '.' || end == 20 || end > 29) return -1;
        int fraction = digits(text, 20, end);
        for (int i = end; fraction >= 0 && i < 29; i++) fraction *= 10;
        return fraction;
    }

    /** The number between two positions; -1 when not all of it is ASCII digits. */
    private static int digits(String text, int from, int to) {
        int number = 0;
        for (int i = from; i < to; i++) {
            char c = text.charAt(i);
            if (c < '0' || c > '9') return -1;
            number = number * 10 + (c - '0');
        }
        return number;
    }

    private static Optional<TemporalAccessor> epoch(String pattern, String text) {
        if (!text.matches("-?[0-9]{1,17}")) return Optional.empty();
        boolean millis = pattern.equals("epoch-millis");
        int digits = text.startsWith("-") ? text.length() - 1 : text.length();
        if (millis != (digits >= 12)) return Optional.empty();
        long number = Long.parseLong(text);
        return Optional.of(millis ? Instant.ofEpochMilli(number) : Instant.ofEpochSecond(number));
    }
}
