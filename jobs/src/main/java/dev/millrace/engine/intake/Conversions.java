package dev.millrace.engine.intake;

import java.io.Serializable;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.util.Arrays;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.api.java.UDF1;
import org.apache.spark.sql.catalyst.expressions.Cast;
import org.apache.spark.sql.functions;
import org.apache.spark.sql.types.ArrayType;
import org.apache.spark.sql.types.BooleanType;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.DateType;
import org.apache.spark.sql.types.Decimal;
import org.apache.spark.sql.types.DecimalType;
import org.apache.spark.sql.types.DoubleType;
import org.apache.spark.sql.types.FloatType;
import org.apache.spark.sql.types.IntegralType;
import org.apache.spark.sql.types.MapType;
import org.apache.spark.sql.types.StringType;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;
import org.apache.spark.sql.types.TimestampNTZType;
import org.apache.spark.sql.types.TimestampType;

/**
 * How a column of a Parquet or ORC file becomes a column of the target, as expressions. Texts and times go through the
 * same code as those of text files ({@link Values}, {@link TimeRules}); other casts are Spark's, and a value that does
 * not come back the same is refused. Only casts to floating point may round, since they were declared.
 */
final class Conversions {
    /** The column of each row's file, as Hadoop prints its path. */
    static final String PATH = "_millrace_path";

    /** The columns of a row that hold a time finer than a microsecond. */
    static final String FINER = "_millrace_finer";

    /** What a function makes of a value: the value as a number or as text, or why it is none. */
    private static final StructType MADE = new StructType()
            .add("number", DataTypes.LongType)
            .add("text", DataTypes.StringType)
            .add("reason", DataTypes.StringType)
            .add("rule", DataTypes.StringType)
            .add("resolved", DataTypes.IntegerType)
            .add("truncated", DataTypes.IntegerType);

    private Conversions() {}

    /** The column that holds what a function makes of the target's column {@code index}. */
    static String made(int index) {
        return "_millrace_made_" + index;
    }

    /**
     * One column's conversion.
     *
     * @param made what a function makes of the value; null when none is needed
     * @param plain the value when there is no function
     * @param failed whether the value is lost, when there is no function; null when none can be
     */
    record Conversion(StructField wanted, Column made, Column from, Column plain, Column failed) {
        boolean canFail() {
            return made != null || failed != null;
        }

        /** @param madeColumn holds {@link #made} */
        Column value(Column madeColumn) {
            return made == null ? plain : typed(madeColumn, wanted.dataType());
        }

        /** Why a value is refused, with its column; NULL where it is not. */
        Column reason(Column madeColumn) {
            Column name = functions.lit("`" + wanted.name() + "` ");
            if (made != null) return functions.concat(name, madeColumn.getField("reason"));
            Column shown = functions.concat(
                    name,
                    functions.lit("is not a valid " + wanted.dataType().simpleString() + ": \""),
                    functions.substring(from, 1, 80),
                    functions.lit("\""));
            return functions.when(failed, shown);
        }

        Column rule(Column madeColumn) {
            return made == null ? functions.lit(Unfit.TYPE) : madeColumn.getField("rule");
        }
    }

    static Conversion missing(StructField wanted) {
        return exact(wanted, functions.lit(null).cast(wanted.dataType()));
    }

    private static Conversion exact(StructField wanted, Column value) {
        return new Conversion(wanted, null, null, value, null);
    }

    /** A column that the path of each row's file gives. */
    static Conversion ofPath(String name, StructField wanted, ReadOptions options) {
        Column made = functions.udf(new PathValue(name, wanted, options), MADE).apply(functions.col(PATH));
        return new Conversion(wanted, made, null, null, null);
    }

    /** @param inFile one that {@link ColumnarFit} has not refused */
    static Conversion of(StructField inFile, StructField wanted, ReadOptions options) {
        Column from = dev.millrace.platform.table.Columns.named(inFile.name());
        DataType found = FileShape.meant(inFile);
        DataType type = wanted.dataType();
        if (found.equals(DataTypes.NullType)) return missing(wanted);
        boolean time = found instanceof TimestampType || found instanceof TimestampNTZType;
        if (time && type instanceof TimestampType) return time(inFile, from, wanted, options);
        if (FileShape.isNanos(inFile)) {
            NanosText spelled = new NanosText(found instanceof TimestampType);
            return textual(functions.udf(spelled, DataTypes.StringType).apply(from), wanted, options);
        }
        if (found.sameType(type)) return exact(wanted, from);
        if (type instanceof StringType) return exact(wanted, text(from, found));
        if (isTextual(found, type)) return textual(from.cast(DataTypes.StringType), wanted, options);
        if (widens(found, type)) return exact(wanted, from.cast(type));
        Column value = from.try_cast(type);
        return new Conversion(
                wanted, null, text(from, found), value, from.isNotNull().and(lost(from, value, found, type)));
    }

    private static Column text(Column from, DataType found) {
        return Values.isScalar(found) ? from.cast(DataTypes.StringType) : functions.to_json(from);
    }

    private static boolean isTextual(DataType found, DataType type) {
        if (!Values.isScalar(type)) return false;
        if (found instanceof StringType) return true;
        boolean temporal = type instanceof DateType || type instanceof TimestampType;
        return temporal
                && (found instanceof IntegralType || (found instanceof DateType && type instanceof TimestampType));
    }

    private static Column lost(Column from, Column value, DataType found, DataType type) {
        if (type instanceof DoubleType || type instanceof FloatType) return value.isNull();
        Column back = value.try_cast(found);
        Column same = Values.isScalar(found)
                ? back.eqNullSafe(from)
                : functions.to_json(back).eqNullSafe(functions.to_json(from));
        return functions.not(same);
    }

    private static Conversion time(StructField inFile, Column from, StructField wanted, ReadOptions options) {
        boolean nanos = FileShape.isNanos(inFile);
        boolean zoned = FileShape.meant(inFile) instanceof TimestampType;
        if (zoned && !nanos) return exact(wanted, from);
        // The session's zone is UTC, so the cast takes the wall clock for UTC.
        Column number = nanos ? from : functions.unix_micros(from.cast(DataTypes.TimestampType));
        if (!nanos && options.timeRules().isFixed()) {
            int seconds =
                    options.zone().getRules().getOffset(java.time.Instant.EPOCH).getTotalSeconds();
            return exact(wanted, functions.timestamp_micros(number.minus(seconds * 1_000_000L)));
        }
        long perSecond = nanos ? 1_000_000_000L : 1_000_000L;
        Column made = functions.udf(new Time(perSecond, zoned, options), MADE).apply(number);
        return new Conversion(wanted, made, null, null, null);
    }

    private static Conversion textual(Column text, StructField wanted, ReadOptions options) {
        Column made = functions.udf(new Text(wanted, options), MADE).apply(text);
        return new Conversion(wanted, made, null, null, null);
    }

    private static Column typed(Column made, DataType type) {
        Column number = made.getField("number");
        Column text = made.getField("text");
        if (type instanceof TimestampType) return functions.timestamp_micros(number);
        if (type instanceof DateType) return functions.date_from_unix_date(number.cast(DataTypes.IntegerType));
        if (type instanceof BooleanType) return number.equalTo(1L);
        if (type instanceof IntegralType) return number.cast(type);
        return text.cast(type);
    }

    private static Row made(Object value, TimeRules.Account account) {
        if (value instanceof Boolean flag) return made(flag ? 1L : 0L, null, account);
        if (value instanceof Decimal decimal) {
            return made(null, decimal.toJavaBigDecimal().toPlainString(), account);
        }
        if (value instanceof Double || value instanceof Float) return made(null, value.toString(), account);
        if (value instanceof Number number) return made(number.longValue(), null, account);
        if (value instanceof byte[] bytes) {
            return made(null, new String(bytes, java.nio.charset.StandardCharsets.UTF_8), account);
        }
        return made(null, value.toString(), account);
    }

    private static Row made(Long number, String text, TimeRules.Account account) {
        return RowFactory.create(number, text, null, null, account.resolved, account.truncated);
    }

    private static Row refused(Unfit unfit) {
        return RowFactory.create(null, null, unfit.getMessage(), unfit.rule(), 0, 0);
    }

    /** A text that becomes a value; NULL is none, and so is a null value or an empty text for another type. */
    private static final class Text implements UDF1<String, Row>, Serializable {
        private static final long serialVersionUID = 1L;
        private final StructField wanted;
        private final ReadOptions options;
        private transient TimeRules.Account account;
        private transient Values values;

        Text(StructField wanted, ReadOptions options) {
            this.wanted = wanted;
            this.options = options;
        }

        @Override
        public Row call(String text) {
            if (values == null) {
                account = new TimeRules.Account();
                values = new Values(wanted.dataType(), options.spelling(wanted.name(), account));
            }
            if (text == null || (text.isEmpty() && !values.isText()) || options.isNull(text)) return null;
            account.clear();
            try {
                return made(values.ofText(text), account);
            } catch (Unfit unfit) {
                return refused(unfit);
            }
        }
    }

    /** The value of a {@code name=value} folder. */
    private static final class PathValue implements UDF1<String, Row>, Serializable {
        private static final long serialVersionUID = 1L;
        private final String name;
        private final Text text;

        PathValue(String name, StructField wanted, ReadOptions options) {
            this.name = name;
            this.text = new Text(wanted, options);
        }

        @Override
        public Row call(String path) {
            return text.call(PathColumns.of(path, "").get(name));
        }
    }

    /** A count of parts of a second since 1970 that becomes microseconds by the rules. */
    private static final class Time implements UDF1<Long, Row>, Serializable {
        private static final long serialVersionUID = 1L;
        private final long perSecond;
        private final boolean zoned;
        private final TimeRules rules;

        Time(long perSecond, boolean zoned, ReadOptions options) {
            this.perSecond = perSecond;
            this.zoned = zoned;
            this.rules = options.timeRules();
        }

        @Override
        public Row call(Long count) {
            if (count == null) return null;
            int nanos = (int) (Math.floorMod(count, perSecond) * (1_000_000_000L / perSecond));
            LocalDateTime time = LocalDateTime.ofEpochSecond(Math.floorDiv(count, perSecond), nanos, ZoneOffset.UTC);
            TimeRules.Account account = new TimeRules.Account();
            try {
                return made(rules.micros(time, zoned ? ZoneOffset.UTC : null, account), account);
            } catch (Unfit unfit) {
                return refused(unfit);
            }
        }
    }

    /** Nanoseconds since 1970 as ISO text, with all their digits. */
    private record NanosText(boolean zoned) implements UDF1<Long, String>, Serializable {
        private static final long serialVersionUID = 1L;

        @Override
        public String call(Long nanos) {
            if (nanos == null) return null;
            LocalDateTime time = LocalDateTime.ofEpochSecond(
                    Math.floorDiv(nanos, 1_000_000_000L), (int) Math.floorMod(nanos, 1_000_000_000L), ZoneOffset.UTC);
            return zoned ? time.atOffset(ZoneOffset.UTC).toString() : time.toString();
        }
    }

    /** Whether every value of {@code from} is a value of {@code to}. */
    static boolean widens(DataType from, DataType to) {
        if (from.equals(DataTypes.NullType)) return true;
        if (!Values.isScalar(from) && holdsNothing(from)) return isSameButNothing(from, to);
        if (holdsZoneless(from)) return ColumnType.stored(from).sameType(to);
        int rankFrom = rank(from);
        int rankTo = rank(to);
        if (rankFrom > 0 && rankTo > 0) return rankFrom < rankTo;
        if (to instanceof DoubleType) {
            return from instanceof FloatType || (rankFrom > 0 && rankFrom <= rank(DataTypes.IntegerType));
        }
        if (from instanceof DecimalType narrow && to instanceof DecimalType wide) {
            return wide.scale() >= narrow.scale()
                    && wide.precision() - wide.scale() >= narrow.precision() - narrow.scale();
        }
        return false;
    }

    private static boolean holdsNothing(DataType type) {
        if (type instanceof ArrayType array) return holdsNothing(array.elementType());
        if (type instanceof MapType map) return holdsNothing(map.valueType());
        if (type instanceof StructType struct) {
            return Arrays.stream(struct.fields()).anyMatch(field -> holdsNothing(field.dataType()));
        }
        return type.equals(DataTypes.NullType);
    }

    /** Whether two types are the same where the first one has a type at all. */
    private static boolean isSameButNothing(DataType from, DataType to) {
        if (from.equals(DataTypes.NullType)) return true;
        if (from instanceof ArrayType source && to instanceof ArrayType wanted) {
            return isSameButNothing(source.elementType(), wanted.elementType());
        }
        if (from instanceof MapType source && to instanceof MapType wanted) {
            return source.keyType().sameType(wanted.keyType())
                    && isSameButNothing(source.valueType(), wanted.valueType());
        }
        if (from instanceof StructType source && to instanceof StructType wanted) {
            if (!Arrays.equals(source.fieldNames(), wanted.fieldNames())) return false;
            for (int i = 0; i < source.size(); i++) {
                DataType inner = source.apply(i).dataType();
                if (!isSameButNothing(inner, wanted.apply(i).dataType())) return false;
            }
            return true;
        }
        return from.sameType(to);
    }

    private static int rank(DataType type) {
        return Arrays.<DataType>asList(
                                DataTypes.ByteType, DataTypes.ShortType, DataTypes.IntegerType, DataTypes.LongType)
                        .indexOf(type)
                + 1;
    }

    /** Whether there are times without zone within the type. */
    static boolean holdsZoneless(DataType type) {
        if (type instanceof ArrayType array) return holdsZoneless(array.elementType());
        if (type instanceof MapType map) return holdsZoneless(map.keyType()) || holdsZoneless(map.valueType());
        if (type instanceof StructType struct) {
            return Arrays.stream(struct.fields()).anyMatch(field -> holdsZoneless(field.dataType()));
        }
        return type instanceof TimestampNTZType;
    }

    /** Whether a declared cast may be tried. Fields of structs must have the same names in the same order. */
    static boolean canCast(DataType from, DataType to) {
        if (to instanceof StringType) return true;
        if (isTextual(from, to)) return true;
        if (from instanceof ArrayType source && to instanceof ArrayType wanted) {
            return canCast(source.elementType(), wanted.elementType());
        }
        if (from instanceof MapType source && to instanceof MapType wanted) {
            return canCast(source.keyType(), wanted.keyType()) && canCast(source.valueType(), wanted.valueType());
        }
        if (from instanceof StructType source && to instanceof StructType wanted) {
            if (!Arrays.equals(source.fieldNames(), wanted.fieldNames())) return false;
            for (int i = 0; i < source.size(); i++) {
                if (!canCast(source.apply(i).dataType(), wanted.apply(i).dataType())) return false;
            }
            return true;
        }
        return Values.isScalar(from) && Values.isScalar(to) && Cast.canTryCast(from, to);
    }
}
