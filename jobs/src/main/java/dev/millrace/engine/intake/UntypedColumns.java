package dev.millrace.engine.intake;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.apache.spark.sql.types.ArrayType;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.MapType;
import org.apache.spark.sql.types.Metadata;
import org.apache.spark.sql.types.MetadataBuilder;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;

/**
 * Columns of which no file had a value when the table was created: NULL everywhere, {@code {}}, {@code []}. They are
 * STRING, remember it in their metadata, and accept values of any type later, as text or JSON text.
 */
public final class UntypedColumns {
    private static final String MARK = "millrace.untyped";
    private static final Metadata MARKED =
            new MetadataBuilder().putBoolean(MARK, true).build();

    private UntypedColumns() {}

    /** {@code columns} with STRING for each column, and each type within one, that has no values. */
    public static StructType typed(StructType columns) {
        return new StructType(Arrays.stream(columns.fields())
                .map(field -> field.dataType().equals(DataTypes.NullType)
                        ? new StructField(field.name(), DataTypes.StringType, true, MARKED)
                        : new StructField(field.name(), typed(field.dataType()), true, field.metadata()))
                .toArray(StructField[]::new));
    }

    private static DataType typed(DataType type) {
        if (type.equals(DataTypes.NullType)) return DataTypes.StringType;
        if (type instanceof ArrayType array) return DataTypes.createArrayType(typed(array.elementType()), true);
        if (type instanceof MapType map) return DataTypes.createMapType(map.keyType(), typed(map.valueType()), true);
        if (!(type instanceof StructType struct)) return type;
        return new StructType(Arrays.stream(struct.fields())
                .map(field -> DataTypes.createStructField(field.name(), typed(field.dataType()), true))
                .toArray(StructField[]::new));
    }

    /** The columns of which no file has a value. */
    public static List<String> among(StructType columns) {
        List<String> names = new ArrayList<>();
        for (StructField field : columns.fields()) {
            if (field.dataType().equals(DataTypes.NullType)) names.add(field.name());
        }
        return names;
    }

    /** Whether a column of a table accepts values of a file because none of its own were known. */
    static boolean takes(StructField wanted, DataType found) {
        return wanted.dataType().equals(DataTypes.StringType)
                && wanted.metadata().contains(MARK)
                && ColumnType.isStorable(ColumnType.stored(found));
    }
}
