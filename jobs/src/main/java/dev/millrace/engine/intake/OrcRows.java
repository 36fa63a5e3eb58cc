package dev.millrace.engine.intake;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.hive.ql.exec.vector.BytesColumnVector;
import org.apache.hadoop.hive.ql.exec.vector.ColumnVector;
import org.apache.hadoop.hive.ql.exec.vector.Decimal64ColumnVector;
import org.apache.hadoop.hive.ql.exec.vector.DecimalColumnVector;
import org.apache.hadoop.hive.ql.exec.vector.DoubleColumnVector;
import org.apache.hadoop.hive.ql.exec.vector.ListColumnVector;
import org.apache.hadoop.hive.ql.exec.vector.LongColumnVector;
import org.apache.hadoop.hive.ql.exec.vector.MapColumnVector;
import org.apache.hadoop.hive.ql.exec.vector.StructColumnVector;
import org.apache.hadoop.hive.ql.exec.vector.TimestampColumnVector;
import org.apache.hadoop.hive.ql.exec.vector.VectorizedRowBatch;
import org.apache.orc.OrcFile;
import org.apache.orc.Reader;
import org.apache.orc.RecordReader;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.catalyst.expressions.GenericInternalRow;
import org.apache.spark.sql.catalyst.util.ArrayBasedMapData;
import org.apache.spark.sql.catalyst.util.GenericArrayData;
import org.apache.spark.sql.types.ArrayType;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.Decimal;
import org.apache.spark.sql.types.DecimalType;
import org.apache.spark.sql.types.MapType;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;
import org.apache.spark.unsafe.types.UTF8String;

/**
 * The rows of an ORC file, read to the nanosecond and by the calendar of its writer. Times without zone are those of UTC.
 * Behind the columns come the file's path and the columns whose time is finer than a microsecond. Memory: one batch of
 * 1024 rows.
 */
final class OrcRows implements Iterator<InternalRow> {
    static final String FILE = "_millrace_orc_file";
    static final String FINER = "_millrace_orc_finer";
    private static final long MICROS = 1_000_000L;

    private final SourceFile file;
    private final StructType schema;
    private final int[] positions;
    private final Reader reader;
    private final RecordReader batches;
    private final VectorizedRowBatch batch;
    private int row;
    private boolean finer;

    /**
     * @param schema top-level columns of the file, in any order
     * @param julian whether the writer counted days before October 1582 by the Julian calendar
     */
    OrcRows(SourceFile file, StructType schema, boolean julian, Configuration hadoop) {
        this.file = file;
        this.schema = schema;
        try {
            OrcFile.ReaderOptions options =
                    OrcFile.readerOptions(hadoop).useUTCTimestamp(true).convertToProlepticGregorian(julian);
            reader = OrcFile.createReader(new Path(file.path()), options);
            batches = reader.rows();
            batch = reader.getSchema().createRowBatch();
        } catch (IOException broken) {
            throw new ColumnarFiles.Damaged(file.printed(), broken);
        }
        positions = Arrays.stream(schema.fieldNames())
                .mapToInt(reader.getSchema().getFieldNames()::indexOf)
                .toArray();
    }

    /** {@code schema} with what comes behind it. */
    static StructType behind(StructType schema) {
        return schema.add(FILE, DataTypes.StringType).add(FINER, DataTypes.StringType);
    }

    @Override
    public boolean hasNext() {
        if (row < batch.size) return true;
        try {
            row = 0;
            if (batches.nextBatch(batch)) return true;
            batch.size = 0;
            batches.close();
            reader.close();
            return false;
        } catch (IOException | RuntimeException broken) {
            throw new ColumnarFiles.Damaged(file.printed(), broken);
        }
    }

    @Override
    public InternalRow next() {
        if (!hasNext()) throw new NoSuchElementException(file.path());
        Object[] values = new Object[positions.length + 2];
        List<String> finerColumns = new ArrayList<>();
        for (int i = 0; i < positions.length; i++) {
            finer = false;
            values[i] = value(batch.cols[positions[i]], row, schema.apply(i).dataType());
            if (finer) finerColumns.add(schema.apply(i).name());
        }
        values[positions.length] = UTF8String.fromString(file.path());
        if (!finerColumns.isEmpty()) {
            values[positions.length + 1] = UTF8String.fromString(String.join(", ", finerColumns));
        }
        row++;
        return new GenericInternalRow(values);
    }

    private Object value(ColumnVector column, int index, DataType type) {
        int at = column.isRepeating ? 0 : index;
        if (!column.noNulls && column.isNull[at]) return null;
        if (column instanceof TimestampColumnVector times) return micros(times, at);
        if (column instanceof Decimal64ColumnVector decimals) {
            return Decimal.apply(decimals.vector[at], decimals.precision, decimals.scale);
        }
        if (column instanceof LongColumnVector numbers) return whole(numbers.vector[at], type);
        if (column instanceof DoubleColumnVector numbers) {
            return type.equals(DataTypes.FloatType) ? (Object) (float) numbers.vector[at] : (Object) numbers.vector[at];
        }
        if (column instanceof BytesColumnVector bytes) return bytes(bytes, at, type);
        if (column instanceof DecimalColumnVector decimals) {
            DecimalType decimal = (DecimalType) type;
            return Decimal.apply(
                    new scala.math.BigDecimal(decimals.vector[at]
                            .getHiveDecimal()
                            .bigDecimalValue()
                            .setScale(decimal.scale())),
                    decimal.precision(),
                    decimal.scale());
        }
        return nested(column, at, type);
    }

    private Object nested(ColumnVector column, int at, DataType type) {
        if (column instanceof ListColumnVector list) {
            return array(list.child, list.offsets[at], list.lengths[at], ((ArrayType) type).elementType());
        }
        if (column instanceof MapColumnVector map) {
            MapType of = (MapType) type;
            return new ArrayBasedMapData(
                    array(map.keys, map.offsets[at], map.lengths[at], of.keyType()),
                    array(map.values, map.offsets[at], map.lengths[at], of.valueType()));
        }
        StructField[] fields = ((StructType) type).fields();
        Object[] values = new Object[fields.length];
        for (int i = 0; i < values.length; i++) {
            values[i] = value(((StructColumnVector) column).fields[i], at, fields[i].dataType());
        }
        return new GenericInternalRow(values);
    }

    private GenericArrayData array(ColumnVector items, long offset, long length, DataType type) {
        Object[] values = new Object[(int) length];
        for (int i = 0; i < values.length; i++) values[i] = value(items, (int) offset + i, type);
        return new GenericArrayData(values);
    }

    private static Object whole(long value, DataType type) {
        if (type.equals(DataTypes.BooleanType)) return value != 0;
        if (type.equals(DataTypes.ByteType)) return (byte) value;
        if (type.equals(DataTypes.ShortType)) return (short) value;
        if (type.equals(DataTypes.IntegerType) || type.equals(DataTypes.DateType)) return (int) value;
        return value;
    }

    private static Object bytes(BytesColumnVector bytes, int at, DataType type) {
        int from = bytes.start[at];
        byte[] value = Arrays.copyOfRange(bytes.vector[at], from, from + bytes.length[at]);
        if (type.equals(DataTypes.BinaryType)) return value;
        return UTF8String.fromString(new String(value, StandardCharsets.UTF_8));
    }

    /**
     * Before 1970 the C++ writer counts both seconds and nanoseconds towards 1970, so that nanoseconds are negative;
     * Java's counts them from the second before.
     */
    private long micros(TimestampColumnVector times, int at) {
        long millis = times.time[at];
        int nanos = times.nanos[at];
        long seconds = nanos < 0 ? (millis - nanos / 1_000_000) / 1000 : Math.floorDiv(millis, 1000L);
        if (nanos % 1000 != 0) finer = true;
        return seconds * MICROS + Math.floorDiv(nanos, 1000);
    }
}
