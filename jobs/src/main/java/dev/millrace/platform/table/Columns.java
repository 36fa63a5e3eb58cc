package dev.millrace.platform.table;

import dev.millrace.platform.error.ErrorKind;
import dev.millrace.platform.error.MillraceException;
import dev.millrace.platform.error.Nearest;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.functions;
import org.apache.spark.sql.types.StructType;

/** Names of columns, which users choose and Spark would otherwise parse. */
public final class Columns {
    /** What Delta's Parquet files cannot take in a name. */
    private static final Pattern FORBIDDEN = Pattern.compile("[ ,;{}()\\n\\t=]");

    private Columns() {}

    /** The column of exactly this name, whatever characters it has. */
    public static Column named(String name) {
        return functions.col(quoted(name));
    }

    /** {@code name} in back-ticks, for SQL text. */
    public static String quoted(String name) {
        return "`" + name.replace("`", "``") + "`";
    }

    /** Several columns, in order. */
    public static Column[] named(Collection<String> names) {
        return names.stream().map(Columns::named).toArray(Column[]::new);
    }

    /**
     * @param owner what has the schema, for the message: "Table `raw.x` version 3"
     * @throws MillraceException SCHEMA_MISMATCH naming every missing column and its nearest
     */
    public static void require(StructType schema, Collection<String> columns, String owner) {
        List<String> present = Arrays.asList(schema.fieldNames());
        List<String> missing = columns.stream()
                .distinct()
                .filter(name -> !present.contains(name))
                .toList();
        if (missing.isEmpty()) return;
        String named = missing.stream()
                .map(name -> "`" + name + "`"
                        + Nearest.to(name, present)
                                .map(near -> " (did you mean `" + near + "`?)")
                                .orElse(""))
                .collect(Collectors.joining(", "));
        throw new MillraceException(
                ErrorKind.SCHEMA_MISMATCH,
                owner + " has no column " + named + ". It has: " + String.join(", ", present) + ".");
    }

    /** @throws MillraceException SCHEMA_MISMATCH when two names differ only by case, or Delta cannot take one */
    public static void requireWritable(StructType schema, String table) {
        Map<String, List<String>> byLower = Arrays.stream(schema.fieldNames())
                .collect(Collectors.groupingBy(
                        name -> name.toLowerCase(java.util.Locale.ROOT), TreeMap::new, Collectors.toList()));
        List<String> clashes = byLower.values().stream()
                .filter(names -> names.size() > 1)
                .map(names -> "`" + String.join("`, `", names) + "`")
                .toList();
        if (!clashes.isEmpty()) {
            throw new MillraceException(
                    ErrorKind.SCHEMA_MISMATCH,
                    "Table `" + table + "` would have columns that differ at most by case: "
                            + String.join("; ", clashes) + ". Rename them with `columns:`.");
        }
        List<String> bad = Arrays.stream(schema.fieldNames())
                .filter(name -> FORBIDDEN.matcher(name).find())
                .toList();
        if (!bad.isEmpty()) {
            String mapping = bad.stream()
                    .map(name -> "\"" + name + "\": " + writable(name))
                    .collect(Collectors.joining(", ", "columns: {", "}"));
            throw new MillraceException(
                    ErrorKind.SCHEMA_MISMATCH,
                    "Table `" + table + "`: Delta cannot store these column names: `" + String.join("`, `", bad)
                            + "`. Rename them: " + mapping);
        }
    }

    /** Whether Delta can store a column, or a field of a struct, of this name. */
    public static boolean isWritable(String name) {
        return !name.isEmpty() && !FORBIDDEN.matcher(name).find();
    }

    /** A name Delta takes, made from one it does not: {@code Amount (EUR)} → {@code amount_eur}. */
    public static String writable(String name) {
        String snake = name.strip().toLowerCase(java.util.Locale.ROOT).replaceAll("[^\\p{L}\\p{N}]+", "_");
        String trimmed = snake.replaceAll("^_+|_+$", "");
        return trimmed.isEmpty() ? "column" : trimmed;
    }
}
