package dev.millrace.registry.platform.search;

import java.util.Set;

/**
 * A table of values by key that belongs to the searched rows: metrics, params, tags.
 *
 * @param table its name
 * @param owner its column that refers to the searched row
 * @param rowId that row's id
 * @param number metrics: numbers in {@code value} and {@code is_nan}; otherwise text in {@code value}
 * @param operators what may be asked
 * @param indexed whether the table has an index over key and value: of texts, over {@code substr(value, 1, 200)}
 */
public record KeyedValues(
        String table, String owner, String rowId, boolean number, Set<Operator> operators, boolean indexed) {
    private static final Set<Operator> TEXT_OR_ABSENT = Set.of(
            Operator.EQUAL, Operator.NOT_EQUAL, Operator.LIKE, Operator.ILIKE, Operator.IS_NULL, Operator.IS_NOT_NULL);

    public KeyedValues {
        operators = Set.copyOf(operators);
    }

    public static KeyedValues metrics(String table, String owner, String rowId) {
        return new KeyedValues(table, owner, rowId, true, Operator.OF_NUMBERS, false);
    }

    /** The same, with an index over key and value. */
    public static KeyedValues indexedMetrics(String table, String owner, String rowId) {
        return new KeyedValues(table, owner, rowId, true, Operator.OF_NUMBERS, true);
    }

    /** Texts in a {@link dev.millrace.registry.platform.storage.TagTable}. */
    public static KeyedValues texts(String table, String rowId) {
        return new KeyedValues(table, "owner_id", rowId, false, TEXT_OR_ABSENT, false);
    }

    /** The same, also asked by lists. */
    public static KeyedValues listedTexts(String table, String rowId) {
        return new KeyedValues(table, "owner_id", rowId, false, Operator.OF_NAMES, false);
    }

    /** {@link #texts} with an index over the first 200 characters of the value. */
    public static KeyedValues indexedTexts(String table, String rowId) {
        return new KeyedValues(table, "owner_id", rowId, false, TEXT_OR_ABSENT, true);
    }
}
