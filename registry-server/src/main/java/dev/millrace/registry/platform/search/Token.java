package dev.millrace.registry.platform.search;

/**
 * A piece of a filter.
 *
 * @param text without its quotes
 * @param start position of the first character, quote included
 * @param end position after the last
 */
record Token(Kind kind, String text, int start, int end) {

    enum Kind {
        /** Letters, digits and {@code _ . - +}: identifiers, key words, numbers. */
        WORD,
        SINGLE_QUOTED,
        DOUBLE_QUOTED,
        BACK_QUOTED,
        OPERATOR,
        OPEN,
        CLOSE,
        COMMA,
        END
    }

    boolean isWord(String word) {
        return kind == Kind.WORD && text.equalsIgnoreCase(word);
    }

    boolean isQuotedText() {
        return kind == Kind.SINGLE_QUOTED || kind == Kind.DOUBLE_QUOTED;
    }
}
