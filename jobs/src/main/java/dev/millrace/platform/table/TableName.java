package dev.millrace.platform.table;

import dev.millrace.platform.config.FromText;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** {@code schema.table}, each part of letters, digits and underscores. */
public record TableName(String schema, String table) implements Comparable<TableName> {
    private static final Pattern NAME = Pattern.compile("([A-Za-z0-9][A-Za-z0-9_]*)\\.([A-Za-z0-9][A-Za-z0-9_]*)");

    /** @throws IllegalArgumentException when {@code text} is not {@code schema.table} */
    @FromText
    public static TableName parse(String text) {
        Matcher matcher = NAME.matcher(text);
        if (matcher.matches()) return new TableName(matcher.group(1), matcher.group(2));
        if (text.contains("@")) {
            throw new IllegalArgumentException(
                    "a version is not part of the name; write {table: " + text.substring(0, text.indexOf('@'))
                            + ", version: " + text.substring(text.indexOf('@') + 1) + "}");
        }
        if (text.matches("[A-Za-z0-9_]+")) {
            throw new IllegalArgumentException("expected schema.table, for example raw." + text);
        }
        throw new IllegalArgumentException("expected schema.table of letters, digits and underscores");
    }

    static boolean matches(String text) {
        return NAME.matcher(text).matches();
    }

    @Override
    public int compareTo(TableName other) {
        return toString().compareTo(other.toString());
    }

    @Override
    public String toString() {
        return schema + "." + table;
    }
}
