package dev.millrace.engine.intake;

import java.io.Serializable;
import java.util.Optional;

/**
 * How cells are written.
 *
 * @param separator between cells
 * @param quote around cells that hold a separator, a quote or a line end; doubled inside them
 * @param escape makes the next character of a quoted cell literal; RFC 4180 has none. The quote itself is none either:
 *     a doubled quote is always literal
 * @param maxChars longest record
 */
public record CsvDialect(char separator, char quote, Character escape, int maxChars) implements Serializable {
    private static final long serialVersionUID = 1L;

    /** Comma, double quote, no escape character, records of at most 16 Mi characters. */
    public static final CsvDialect RFC_4180 = new CsvDialect(',', '"', null, 1 << 24);

    public CsvDialect {
        if (separator == quote) throw new IllegalArgumentException("`separator` and `quote` are both `" + quote + "`");
        if (escape != null && escape == separator) {
            throw new IllegalArgumentException("`separator` and `escape` are both `" + separator + "`");
        }
        if (escape != null && escape == quote) escape = null;
    }

    Optional<Character> escaping() {
        return Optional.ofNullable(escape);
    }
}
