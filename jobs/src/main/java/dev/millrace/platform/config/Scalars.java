package dev.millrace.platform.config;

import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.format.DateTimeParseException;
import java.util.Arrays;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Texts that stand for times, durations and other small values. All throw IllegalArgumentException with a reason. */
public final class Scalars {
    private static final Pattern DURATION = Pattern.compile("([0-9]+) ?(ms|s|m|min|h|d|w)");

    /** A thousand years: longer ones are typing errors, and do not fit the microseconds of Spark's times. */
    private static final long MAX_DAYS = 365_250;

    private Scalars() {}

    /** {@code 500ms}, {@code 30s}, {@code 15m}, {@code 12h}, {@code 7d}, {@code 2w}. A day is 24 hours. */
    public static Duration duration(String text) {
        Matcher matcher = DURATION.matcher(text.trim());
        if (!matcher.matches()) throw new IllegalArgumentException("expected a duration such as 30s, 15m, 12h or 7d");
        // Ten digits of weeks are more than the age of the universe and still fit a Duration.
        if (matcher.group(1).length() > 10) throw new IllegalArgumentException("is too long a duration");
        long amount = Long.parseLong(matcher.group(1));
        Duration duration =
                switch (matcher.group(2)) {
                    case "ms" -> Duration.ofMillis(amount);
                    case "s" -> Duration.ofSeconds(amount);
                    case "m", "min" -> Duration.ofMinutes(amount);
                    case "h" -> Duration.ofHours(amount);
                    case "w" -> Duration.ofDays(Math.multiplyExact(7, amount));
                    default -> Duration.ofDays(amount);
                };
        if (duration.toDays() > MAX_DAYS) {
            throw new IllegalArgumentException(
                    "is longer than a thousand years; give a duration such as 30s, 15m or 7d");
        }
        return duration;
    }

    /** ISO-8601; a date alone means its midnight, a time without offset means UTC. */
    public static Instant instant(String text) {
        String trimmed = text.trim().replace(' ', 'T');
        try {
            if (trimmed.length() == 10)
                return LocalDate.parse(trimmed).atStartOfDay(ZoneOffset.UTC).toInstant();
            if (trimmed.matches(".*(Z|[-+][0-9]{2}:?[0-9]{2})$"))
                return OffsetDateTime.parse(trimmed).toInstant();
            return LocalDateTime.parse(trimmed).toInstant(ZoneOffset.UTC);
        } catch (DateTimeParseException unreadable) {
            throw new IllegalArgumentException(
                    "expected a time such as 2026-01-31 or 2026-01-31T12:00:00Z", unreadable);
        }
    }

    static ZoneId zone(String text) {
        try {
            return ZoneId.of(text);
        } catch (java.time.DateTimeException unknown) {
            throw new IllegalArgumentException("expected a time zone such as UTC or Europe/Berlin", unknown);
        }
    }

    /** The type's public static factory annotated {@link FromText}. */
    static Optional<Method> factory(Class<?> type) {
        return Arrays.stream(type.getDeclaredMethods())
                .filter(method ->
                        method.isAnnotationPresent(FromText.class) && Modifier.isStatic(method.getModifiers()))
                .findFirst();
    }
}
