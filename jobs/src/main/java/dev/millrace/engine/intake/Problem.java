package dev.millrace.engine.intake;

/**
 * Why a record cannot be taken as it is.
 *
 * @param kind what sort of thing is wrong
 * @param reason a sentence for a person, without the line number
 */
public record Problem(Kind kind, String reason) {

    /** Sorts of problems; the name in lower case is the {@code rule} of a quarantined record. */
    public enum Kind {
        /** Bytes that are not valid in the declared encoding. */
        ENCODING,
        /** The character U+0000. */
        NUL,
        /** A quote that is not closed, or text after a closing quote. */
        QUOTING,
        /** Longer than allowed. */
        LENGTH,
        /** Fewer or more cells than columns. */
        CELLS,
        /** Not one JSON object. */
        JSON;

        /** The kind as a word. */
        public String rule() {
            return name().toLowerCase(java.util.Locale.ROOT);
        }
    }
}
