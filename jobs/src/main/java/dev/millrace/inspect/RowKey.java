package dev.millrace.inspect;

import dev.millrace.platform.error.ErrorKind;
import dev.millrace.platform.error.MillraceException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * A row by its key: {@code predictions.fraud:customer=7,day=2026-01-01}.
 *
 * @param columns values by column, as written
 */
record RowKey(String table, Map<String, String> columns) {
    static RowKey parse(String ref) {
        int colon = ref.indexOf(':');
        Map<String, String> columns = new LinkedHashMap<>();
        for (String part : ref.substring(colon + 1).split(",", -1)) {
            int equals = part.indexOf('=');
            if (equals <= 0) {
                throw new MillraceException(
                        ErrorKind.USAGE,
                        "`" + ref + "` is not a reference to a row. Use schema.table:COLUMN=VALUE, with commas"
                                + " between pairs.");
            }
            columns.put(part.substring(0, equals).strip(), part.substring(equals + 1));
        }
        return new RowKey(ref.substring(0, colon), columns);
    }

    @Override
    public String toString() {
        return table + ":"
                + columns.entrySet().stream()
                        .map(entry -> entry.getKey() + "=" + entry.getValue())
                        .collect(Collectors.joining(","));
    }
}
