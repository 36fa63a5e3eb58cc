package dev.millrace.registry.platform.search;

/**
 * Something a row must have among its metrics, params or tags.
 *
 * @param predicate over the table's columns, each written with {@link #COLUMN} before it
 */
record Member(KeyedValues values, Identifier identifier, String predicate) {
    /** Stands where an alias and a dot may stand; never in a name or a bound value. */
    static final String COLUMN = "{}";

    /** The owners that have it, as a query of one column named {@code owner}; no owner comes twice. */
    String owners() {
        return "SELECT " + values.owner() + " AS owner FROM " + values.table() + " WHERE " + on("");
    }

    /**
     * Looked up for each row by the table's primary key. The LIMIT changes nothing for PostgreSQL; it keeps SQLite from
     * making a join of it, whose order it then chooses without knowing how few rows are asked for.
     */
    String exists() {
        return "EXISTS (SELECT 1 FROM " + values.table() + " x WHERE x." + values.owner() + " = " + values.rowId()
                + " AND " + on("x.") + " LIMIT 1)";
    }

    /** @param alias with its dot; empty for none */
    String on(String alias) {
        return predicate.replace(COLUMN, alias);
    }
}
