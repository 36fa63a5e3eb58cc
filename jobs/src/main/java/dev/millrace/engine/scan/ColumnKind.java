package dev.millrace.engine.scan;

import org.apache.spark.sql.types.BooleanType;
import org.apache.spark.sql.types.ByteType;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DateType;
import org.apache.spark.sql.types.DecimalType;
import org.apache.spark.sql.types.IntegerType;
import org.apache.spark.sql.types.LongType;
import org.apache.spark.sql.types.NumericType;
import org.apache.spark.sql.types.ShortType;
import org.apache.spark.sql.types.StringType;
import org.apache.spark.sql.types.TimestampNTZType;
import org.apache.spark.sql.types.TimestampType;

/** How a column is looked at, by its type. */
public enum ColumnKind {
    /** Whole numbers, as BIGINT. */
    INTEGER,
    /** Numbers of a fixed scale, as they are. */
    DECIMAL,
    /** FLOAT and DOUBLE, as DOUBLE. */
    NUMBER,
    BOOLEAN,
    TEXT,
    /** Dates and timestamps, as seconds since 1970. */
    TIME,
    /** Arrays, maps, structs, binaries: only NULLs are counted. */
    OTHER;

    public static ColumnKind of(DataType type) {
        if (type instanceof ByteType || type instanceof ShortType || type instanceof IntegerType) return INTEGER;
        if (type instanceof LongType) return INTEGER;
        if (type instanceof DecimalType) return DECIMAL;
        if (type instanceof NumericType) return NUMBER;
        if (type instanceof BooleanType) return BOOLEAN;
        if (type instanceof StringType) return TEXT;
        if (type instanceof DateType || type instanceof TimestampType || type instanceof TimestampNTZType) return TIME;
        return OTHER;
    }

    /** Whether moments, quantiles and correlations make sense. */
    public boolean isNumber() {
        return isExact() || this == NUMBER;
    }

    /** Whether every value is known to its last digit, which a double cannot hold. */
    public boolean isExact() {
        return this == INTEGER || this == DECIMAL;
    }

    /** Whether values lie on a line: numbers and times. */
    public boolean isOrdered() {
        return isNumber() || this == TIME;
    }
}
