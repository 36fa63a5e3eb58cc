package dev.millrace.engine.intake;

import java.io.Serializable;
import java.util.Optional;

/**
 * How cells are written.
 *
 * @param separator between cells
 * @param quote around cells that hold a separator, a quote or a line end; doubled inside them
 * @param escape makes the next character of a quoted cell literal; RFC 4180 has none
 * @param maxChars longest record
 */
public record CsvDialect(char separator, char quote, Character escape, int maxChars) implements Serializable {
    private static final long serialVersionUID = 1L;

    /** Comma, double quote, no escape character, records of at most 16 Mi characters. */
    public static final CsvDialect RFC_4180 = new CsvDialect(',', '"', null, 1 << 24);

    Optional<Character> escaping() {
        return Optional.ofNullable(escape);
    }

    /** The same with another separator. */
    public CsvDialect separatedBy(char other) {
        return new CsvDialect(other, quote, escape, maxChars);
    }
}
