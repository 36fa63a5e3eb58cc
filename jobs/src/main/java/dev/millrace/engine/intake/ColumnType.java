package dev.millrace.engine.intake;

import dev.millrace.platform.config.FromText;
import java.util.Arrays;
import org.apache.spark.sql.AnalysisException;
import org.apache.spark.sql.types.ArrayType;
import org.apache.spark.sql.types.BinaryType;
import org.apache.spark.sql.types.BooleanType;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.DateType;
import org.apache.spark.sql.types.MapType;
import org.apache.spark.sql.types.NumericType;
import org.apache.spark.sql.types.StringType;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;
import org.apache.spark.sql.types.TimestampNTZType;
import org.apache.spark.sql.types.TimestampType;

/**
 * The type of a column as people write it: {@code long}, {@code decimal(12,2)}, {@code array<string>}.
 *
 * @param type Spark's type, as a table holds it; names within keep their case
 */
public record ColumnType(DataType type) {
    private static final String VALID = "expected a type: string, long, int, double, boolean, date, timestamp,"
            + " decimal(12,2), array<string>, struct<lat: double, lon: double> …";

    /** @throws IllegalArgumentException when it is no type, or one that a table cannot store */
    @FromText
    public static ColumnType parse(String text) {
        DataType type;
        try {
            type = StructType.fromDDL("x " + text).apply(0).dataType();
        } catch (Exception refused) {
            // Scala throws AnalysisException without declaring it.
            if (!(refused instanceof AnalysisException)) throw refused;
            throw new IllegalArgumentException(VALID, refused);
        }
        DataType stored = stored(type);
        if (!isStorable(stored)) {
            throw new IllegalArgumentException("a table cannot store " + type.sql() + "; " + VALID);
        }
        return new ColumnType(stored);
    }

    /** As a table holds it: TIMESTAMP for TIMESTAMP_NTZ, also within other types, and STRING for CHAR and VARCHAR. */
    public static DataType stored(DataType type) {
        if (type instanceof TimestampNTZType) return DataTypes.TimestampType;
        if (type instanceof StringType) return DataTypes.StringType;
        if (type instanceof ArrayType array) return DataTypes.createArrayType(stored(array.elementType()), true);
        if (type instanceof MapType map) {
            return DataTypes.createMapType(stored(map.keyType()), stored(map.valueType()), true);
        }
        if (!(type instanceof StructType struct)) return type;
        return new StructType(Arrays.stream(struct.fields())
                .map(field -> DataTypes.createStructField(field.name(), stored(field.dataType()), true))
                .toArray(StructField[]::new));
    }

    static boolean isStorable(DataType type) {
        if (type instanceof ArrayType array) return isStorable(array.elementType());
        if (type instanceof MapType map) return isStorable(map.keyType()) && isStorable(map.valueType());
        if (type instanceof StructType struct) {
            return Arrays.stream(struct.fields()).allMatch(field -> isStorable(field.dataType()));
        }
        return type instanceof NumericType
                || type instanceof StringType
                || type instanceof BooleanType
                || type instanceof DateType
                || type instanceof TimestampType
                || type instanceof BinaryType;
    }

    @Override
    public String toString() {
        return type.simpleString();
    }
}
