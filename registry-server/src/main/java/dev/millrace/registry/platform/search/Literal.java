package dev.millrace.registry.platform.search;

import java.util.List;

/** The right side of a comparison. */
sealed interface Literal {

    /** Text in quotes. */
    record Quoted(String text) implements Literal {}

    /** A word without quotes; a number if it parses as one. */
    record Bare(String word) implements Literal {}

    /** Quoted texts in parentheses. */
    record Texts(List<String> texts) implements Literal {
        public Texts {
            texts = List.copyOf(texts);
        }
    }

    /** Nothing: after IS NULL. */
    record Nothing() implements Literal {}
}
