package dev.millrace.engine.intake;

import java.io.Serializable;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.Metadata;
import org.apache.spark.sql.types.MetadataBuilder;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;

/**
 * What one file's footer says.
 *
 * @param schema null when the footer cannot be read; fields by {@link #unreadable}, {@link #nanos} are among them
 * @param rows in the file
 * @param truncated times that are cut to the microsecond while they are read
 * @param way how the format must read the file, in words of its own
 * @param problem why the file cannot be read; null when it can
 */
record FileShape(SourceFile file, StructType schema, long rows, long truncated, String way, String problem)
        implements Serializable {
    private static final long serialVersionUID = 1L;
    private static final String UNREADABLE = "millrace.unreadable";
    private static final String NANOS = "millrace.nanos";

    static FileShape of(SourceFile file, StructType schema, long rows, String way) {
        return new FileShape(file, schema, rows, 0, way, null);
    }

    static FileShape unreadable(SourceFile file, String problem) {
        return new FileShape(file, null, 0, 0, "", problem);
    }

    /** A column whose type cannot be read; it is NULL when nobody wants it. */
    static StructField unreadable(String name, String type) {
        return new StructField(name, DataTypes.NullType, true, metadata(UNREADABLE, type));
    }

    /** A column of nanoseconds since 1970, read as whole numbers. */
    static StructField nanos(String name, DataType meant) {
        return new StructField(name, DataTypes.LongType, true, metadata(NANOS, meant.sql()));
    }

    private static Metadata metadata(String key, String value) {
        return new MetadataBuilder().putString(key, value).build();
    }

    /** The type in the file of a column that cannot be read; empty text for others. */
    static String unreadableType(StructField field) {
        return field.metadata().contains(UNREADABLE) ? field.metadata().getString(UNREADABLE) : "";
    }

    /** Whether a table can hold values of the column, once types without values are STRING. */
    static boolean isReadable(StructField field) {
        StructType typed = UntypedColumns.typed(new StructType().add(field));
        return ColumnType.isStorable(ColumnType.stored(typed.apply(0).dataType()));
    }

    static boolean isNanos(StructField field) {
        return field.metadata().contains(NANOS);
    }

    /** What the values of a column are, whatever they are read as. */
    static DataType meant(StructField field) {
        if (!isNanos(field)) return field.dataType();
        return field.metadata().getString(NANOS).equals(DataTypes.TimestampType.sql())
                ? DataTypes.TimestampType
                : DataTypes.TimestampNTZType;
    }

    /** The columns that hold values and can be read. */
    StructType loadable() {
        StructType loadable = new StructType();
        for (StructField field : schema.fields()) {
            if (!field.dataType().equals(DataTypes.NullType)) loadable = loadable.add(field);
        }
        return loadable;
    }
}
