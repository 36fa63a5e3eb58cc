package dev.millrace.job.ingest;

import dev.millrace.platform.config.FromText;
import java.util.Locale;
import org.apache.spark.sql.catalyst.parser.ParseException;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;

/**
 * The type of a column as people write it: {@code long}, {@code decimal(12,2)}, {@code array<string>}.
 *
 * @param type Spark's type; never TIMESTAMP_NTZ, which becomes TIMESTAMP
 */
public record ColumnType(DataType type) {
    /** @throws IllegalArgumentException when it is no type */
    @FromText
    public static ColumnType parse(String text) {
        try {
            DataType type = StructType.fromDDL("x " + text.toLowerCase(Locale.ROOT))
                    .apply(0)
                    .dataType();
            return new ColumnType(type.equals(DataTypes.TimestampNTZType) ? DataTypes.TimestampType : type);
        } catch (Exception refused) {
            if (!(refused instanceof ParseException)) throw refused;
            throw new IllegalArgumentException(
                    "expected a type: string, long, int, double, boolean, date, timestamp, decimal(12,2),"
                            + " array<string>, struct<lat: double, lon: double> …",
                    refused);
        }
    }

    @Override
    public String toString() {
        return type.simpleString();
    }
}
