package dev.millrace.engine.intake;

/** What all values of a column can be read as; found by looking at every one of them. */
public enum ValueKind {
    /** No value seen. */
    NOTHING,
    BOOLEAN,
    LONG,
    DOUBLE,
    DATE,
    TIMESTAMP,
    TEXT;

    /** The narrowest kind that holds both. Commutative and associative, so files may be seen in any order. */
    public ValueKind join(ValueKind other) {
        if (this == other || other == NOTHING) return this;
        if (this == NOTHING) return other;
        if (isOneOf(LONG, DOUBLE) && other.isOneOf(LONG, DOUBLE)) return DOUBLE;
        if (isOneOf(DATE, TIMESTAMP) && other.isOneOf(DATE, TIMESTAMP)) return TIMESTAMP;
        return TEXT;
    }

    private boolean isOneOf(ValueKind first, ValueKind second) {
        return this == first || this == second;
    }

    /**
     * The narrowest kind of one value. Digits with a leading zero ({@code 007}) and whole numbers beyond 64 bits are
     * text: they are names, and a number would lose part of them.
     */
    public static ValueKind of(String value, NumberSpelling numbers, TimeSpelling times) {
        String text = value.strip();
        if (text.isEmpty()) return NOTHING;
        String plain = numbers.plain(text);
        if (!plain.isEmpty()) return ofNumber(plain);
        if (text.equalsIgnoreCase("true") || text.equalsIgnoreCase("false")) return BOOLEAN;
        if (text.equals("NaN") || text.equals("Infinity") || text.equals("-Infinity")) return DOUBLE;
        if (!Character.isDigit(text.charAt(0))) return TEXT; // spares the cost of a failing parse
        if (times.date(text).isPresent()) return DATE;
        return times.instant(text).isPresent() ? TIMESTAMP : TEXT;
    }

    private static ValueKind ofNumber(String plain) {
        int sign = plain.startsWith("-") || plain.startsWith("+") ? 1 : 0;
        boolean leadingZero =
                plain.length() > sign + 1 && plain.charAt(sign) == '0' && Character.isDigit(plain.charAt(sign + 1));
        if (leadingZero) return TEXT;
        if (!NumberSpelling.isWhole(plain)) return DOUBLE;
        try {
            Long.parseLong(plain);
            return LONG;
        } catch (NumberFormatException tooLarge) {
            return TEXT;
        }
    }
}
