package dev.millrace.registry.lake.tables;

import com.fasterxml.jackson.annotation.JsonValue;
import dev.millrace.registry.platform.error.MillraceException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** {@code schema.table}, each part of letters, digits and underscores, as the jobs write it. */
public record TableName(String schema, String table) implements Comparable<TableName> {
    private static final Pattern NAME =
            Pattern.compile("([A-Za-z0-9][A-Za-z0-9_]{0,254})\\.([A-Za-z0-9][A-Za-z0-9_]{0,254})");

    /** @throws MillraceException USAGE when {@code text} is not {@code schema.table} */
    public static TableName parse(String text) {
        Matcher matcher = NAME.matcher(text);
        if (matcher.matches()) return new TableName(matcher.group(1), matcher.group(2));
        throw MillraceException.invalid("`" + text + "` is no name of a table: expected schema.table of letters, digits"
                + " and underscores, for example raw.transactions.");
    }

    static boolean matches(String text) {
        return NAME.matcher(text).matches();
    }

    @Override
    public int compareTo(TableName other) {
        return toString().compareTo(other.toString());
    }

    @Override
    @JsonValue
    public String toString() {
        return schema + "." + table;
    }
}
