package dev.millrace.engine.report;

import java.util.Locale;
import java.util.OptionalDouble;

/**
 * A piece of markup that is safe to put into a page.
 *
 * @param markup well-formed HTML or SVG
 */
public record Html(String markup) {
    public static final Html NOTHING = new Html("");

    /** Text as it is: control characters become blanks, what HTML would read becomes an entity. */
    public static Html text(Object value) {
        return new Html(escape(String.valueOf(value)));
    }

    static String escape(String text) {
        StringBuilder escaped = new StringBuilder(text.length() + 16);
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            switch (c) {
                case '<' -> escaped.append("&lt;");
                case '>' -> escaped.append("&gt;");
                case '&' -> escaped.append("&amp;");
                case '"' -> escaped.append("&quot;");
                case '\'' -> escaped.append("&#39;");
                default -> escaped.append(Character.isISOControl(c) && c != '\n' && c != '\t' ? ' ' : c);
            }
        }
        return escaped.toString();
    }

    /** A value of a data set, cut to a length that fits a cell. */
    public static Html value(String text) {
        return text.length() <= 60 ? text(text) : text(text.substring(0, 57) + "…");
    }

    /** A count with thousands separators. */
    public static Html count(long count) {
        return new Html(String.format(Locale.ROOT, "%,d", count));
    }

    /** Up to five significant digits; a dash when there is no number. */
    public static Html number(double value) {
        return new Html(printed(value));
    }

    public static Html number(OptionalDouble value) {
        return number(value.orElse(Double.NaN));
    }

    /** A share as per cent. */
    public static Html percent(double share) {
        return Double.isFinite(share) ? new Html(String.format(Locale.ROOT, "%.2f %%", share * 100)) : new Html("–");
    }

    static String printed(double value) {
        if (Double.isNaN(value)) return "–";
        if (Double.isInfinite(value)) return value > 0 ? "∞" : "−∞";
        if (value == Math.rint(value) && Math.abs(value) < 1e12) return String.format(Locale.ROOT, "%,d", (long) value);
        double size = Math.abs(value);
        return size >= 1e6 || size < 1e-3
                ? String.format(Locale.ROOT, "%.4g", value)
                : String.format(Locale.ROOT, "%.4f", value)
                        .replaceAll("0+$", "")
                        .replaceAll("\\.$", "");
    }

    /** A word in a coloured frame. */
    public static Html badge(String word) {
        String kind = word.replaceAll("[^a-z_]", "");
        return new Html("<span class=\"badge " + kind + "\">" + escape(word.replace('_', ' ')) + "</span>");
    }

    public Html and(Html next) {
        return new Html(markup + next.markup);
    }
}
