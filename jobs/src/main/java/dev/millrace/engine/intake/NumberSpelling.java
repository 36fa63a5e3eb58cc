package dev.millrace.engine.intake;

import java.io.Serializable;
import java.text.DecimalFormatSymbols;
import java.util.Locale;

/**
 * How numbers are written in a file.
 *
 * @param decimal between whole and fraction
 * @param grouping between groups of three digits; 0 for none
 */
public record NumberSpelling(char decimal, char grouping) implements Serializable {
    private static final long serialVersionUID = 1L;

    /** Decimal point, no grouping. */
    public static final NumberSpelling PLAIN = new NumberSpelling('.', (char) 0);

    /** As people of {@code locale} write: {@code de} gives 1.001.001,50. */
    public static NumberSpelling of(Locale locale) {
        DecimalFormatSymbols symbols = DecimalFormatSymbols.getInstance(locale);
        return new NumberSpelling(symbols.getDecimalSeparator(), symbols.getGroupingSeparator());
    }

    /**
     * The number as {@code [+-]digits[.digits][e[+-]digits]}, or empty text when it is none. Stricter than Java (no
     * hexadecimal, no suffix, ASCII digits only); groups must have three digits.
     */
    public String plain(String text) {
        String value = text.strip();
        StringBuilder plain = new StringBuilder(value.length());
        int i = 0;
        if (i < value.length() && (value.charAt(i) == '+' || value.charAt(i) == '-')) plain.append(value.charAt(i++));
        int sign = plain.length();
        i = whole(value, i, plain);
        if (i < 0) return "";
        int digits = plain.length() - sign;
        if (i < value.length() && value.charAt(i) == decimal) {
            plain.append('.');
            int fraction = i + 1;
            i = digits(value, fraction, plain);
            digits += i - fraction;
        }
        if (digits == 0) return "";
        if (i < value.length() && (value.charAt(i) == 'e' || value.charAt(i) == 'E')) {
            i = exponent(value, i + 1, plain.append('e'));
        }
        return i == value.length() ? plain.toString() : "";
    }

    /** Whether {@link #plain} text has neither fraction nor exponent. */
    public static boolean isWhole(String plain) {
        return plain.indexOf('.') < 0 && plain.indexOf('e') < 0;
    }

    /** Copies the whole part without grouping; -1 when a group has not three digits. */
    private int whole(String value, int from, StringBuilder plain) {
        int i = from;
        int inGroup = 0;
        boolean grouped = false;
        for (; i < value.length(); i++) {
            char c = value.charAt(i);
            if (isDigit(c)) {
                plain.append(c);
                inGroup++;
            } else if (grouping != 0 && isGrouping(c)) {
                if (inGroup == 0 || inGroup > 3 || (grouped && inGroup != 3)) return -1;
                grouped = true;
                inGroup = 0;
            } else {
                break;
            }
        }
        return grouped && inGroup != 3 ? -1 : i;
    }

    private boolean isGrouping(char c) {
        if (c == grouping) return true;
        // French and others group by a (narrow) no-break space that people type as a blank.
        return Character.isSpaceChar(grouping) && Character.isSpaceChar(c);
    }

    private static int digits(String value, int from, StringBuilder plain) {
        int i = from;
        while (i < value.length() && isDigit(value.charAt(i))) plain.append(value.charAt(i++));
        return i;
    }

    private static int exponent(String value, int from, StringBuilder plain) {
        int i = from;
        if (i < value.length() && (value.charAt(i) == '+' || value.charAt(i) == '-')) plain.append(value.charAt(i++));
        int end = digits(value, i, plain);
        return end == i ? -1 : end;
    }

    private static boolean isDigit(int c) {
        return c >= '0' && c <= '9';
    }
}
