package dev.millrace.registry.platform.search;

import java.util.EnumSet;
import java.util.Set;

/** Comparisons of the filter grammar. */
public enum Operator {
    EQUAL("="),
    NOT_EQUAL("!="),
    GREATER(">"),
    GREATER_EQUAL(">="),
    LESS("<"),
    LESS_EQUAL("<="),
    LIKE("LIKE"),
    ILIKE("ILIKE"),
    IN("IN"),
    NOT_IN("NOT IN"),
    IS_NULL("IS NULL"),
    IS_NOT_NULL("IS NOT NULL");

    /** What numbers can be asked. */
    public static final Set<Operator> OF_NUMBERS = Set.copyOf(EnumSet.range(EQUAL, LESS_EQUAL));

    /** What texts can be asked. */
    public static final Set<Operator> OF_TEXTS = Set.of(EQUAL, NOT_EQUAL, LIKE, ILIKE);

    /** What texts that name one thing can be asked. */
    public static final Set<Operator> OF_NAMES = Set.of(EQUAL, NOT_EQUAL, LIKE, ILIKE, IN, NOT_IN);

    private final String word;

    Operator(String word) {
        this.word = word;
    }

    /** As it stands in a filter; for the first six also as it stands in SQL. */
    String word() {
        return word;
    }
}
