package dev.millrace.registry.lake.tables;

import io.delta.kernel.types.ArrayType;
import io.delta.kernel.types.DataType;
import io.delta.kernel.types.DecimalType;
import io.delta.kernel.types.IntegerType;
import io.delta.kernel.types.LongType;
import io.delta.kernel.types.MapType;
import io.delta.kernel.types.ShortType;
import io.delta.kernel.types.StructType;
import java.util.Locale;
import java.util.stream.Collectors;

/** Types as Spark's SQL writes them, which is how the jobs print them. */
final class TypeText {
    private TypeText() {}

    static String of(DataType type) {
        if (type instanceof ArrayType array) return "ARRAY<" + of(array.getElementType()) + ">";
        if (type instanceof MapType map) return "MAP<" + of(map.getKeyType()) + ", " + of(map.getValueType()) + ">";
        if (type instanceof StructType struct) {
            return struct.fields().stream()
                    .map(field ->
                            field.getName() + ": " + of(field.getDataType()) + (field.isNullable() ? "" : " NOT NULL"))
                    .collect(Collectors.joining(", ", "STRUCT<", ">"));
        }
        if (type instanceof DecimalType decimal) {
            return "DECIMAL(" + decimal.getPrecision() + "," + decimal.getScale() + ")";
        }
        if (type instanceof IntegerType) return "INT";
        if (type instanceof LongType) return "BIGINT";
        if (type instanceof ShortType) return "SMALLINT";
        return switch (type.toString()) {
            case "byte" -> "TINYINT";
            default -> type.toString().toUpperCase(Locale.ROOT);
        };
    }
}
