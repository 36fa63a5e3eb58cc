package dev.millrace.engine.intake;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;

/**
 * Columns that folders named {@code name=value} give to the files in them, as Hive, Spark and pandas write them. The
 * values are texts until a type is declared for them or found in all of them.
 */
final class PathColumns {
    /** How Hive writes NULL. */
    private static final String NULL = "__HIVE_DEFAULT_PARTITION__";

    private PathColumns() {}

    /**
     * The unbroken run of {@code name=value} folders nearest to the file, the outermost first. Plain folders between the
     * run and the file do not count, when they are within {@code root}.
     *
     * @param root the folder that was searched; the file itself when it was named
     * @return values by name; null for NULL
     */
    static Map<String, String> of(String path, String root) {
        String[] folders = path.split("/", -1);
        int searched = Math.min(root.split("/", -1).length, folders.length - 1);
        int at = folders.length - 2;
        while (at >= searched && !isPair(folders[at])) at--;
        int last = at;
        while (at >= 0 && isPair(folders[at])) at--;
        Map<String, String> values = new LinkedHashMap<>();
        for (int i = at + 1; i <= last; i++) {
            int sign = folders[i].indexOf('=');
            String value = unescaped(folders[i].substring(sign + 1));
            values.put(unescaped(folders[i].substring(0, sign)), value.equals(NULL) ? null : value);
        }
        return values;
    }

    private static boolean isPair(String folder) {
        return folder.indexOf('=') > 0;
    }

    /** Hive writes characters that paths cannot hold as %XX, the bytes of UTF-8. */
    private static String unescaped(String text) {
        if (text.indexOf('%') < 0) return text;
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        int length = 0;
        for (int i = 0; i < bytes.length; i++) {
            int high = i + 2 < bytes.length ? Character.digit(bytes[i + 1], 16) : -1;
            int low = i + 2 < bytes.length ? Character.digit(bytes[i + 2], 16) : -1;
            if (bytes[i] == '%' && high >= 0 && low >= 0) {
                bytes[length++] = (byte) (high * 16 + low);
                i += 2;
            } else {
                bytes[length++] = bytes[i];
            }
        }
        return new String(bytes, 0, length, StandardCharsets.UTF_8);
    }

    /** {@code found}, and behind it the columns that only paths give, with the type of all their values. */
    static StructType addTo(StructType found, Collection<SourceFile> files, ReadOptions options) {
        Map<String, InferredType> types = new LinkedHashMap<>();
        for (SourceFile file : files) {
            file.pathValues().forEach((name, value) -> {
                InferredType type = types.computeIfAbsent(options.names().of(name), key -> new InferredType());
                if (value != null)
                    type.observe(
                            value,
                            options.numbers(),
                            options.times(options.names().of(name)));
            });
        }
        StructType all = found;
        for (Map.Entry<String, InferredType> type : types.entrySet()) {
            boolean inFiles = options.names().find(List.of(found.fieldNames()), type.getKey()) >= 0;
            if (!inFiles) all = all.add(type.getKey(), type.getValue().type());
        }
        return all;
    }

    /** Names of path columns that are not among {@code columns}, with an example, for a warning. */
    static List<String> leftOut(StructType columns, Collection<SourceFile> files, NewNames names) {
        List<String> present = new ArrayList<>();
        for (StructField field : columns.fields()) present.add(field.name());
        Map<String, String> examples = new TreeMap<>();
        for (SourceFile file : files) {
            file.pathValues().forEach((name, value) -> {
                if (names.find(present, names.of(name)) < 0) examples.putIfAbsent(name, name + "=" + value);
            });
        }
        return List.copyOf(examples.values());
    }
}
