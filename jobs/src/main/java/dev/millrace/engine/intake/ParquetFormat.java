package dev.millrace.engine.intake;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.apache.parquet.example.data.Group;
import org.apache.parquet.hadoop.ParquetFileReader;
import org.apache.parquet.hadoop.ParquetReader;
import org.apache.parquet.hadoop.api.ReadSupport;
import org.apache.parquet.hadoop.example.GroupReadSupport;
import org.apache.parquet.hadoop.util.HadoopInputFile;
import org.apache.parquet.io.api.Binary;
import org.apache.parquet.schema.GroupType;
import org.apache.parquet.schema.LogicalTypeAnnotation;
import org.apache.parquet.schema.LogicalTypeAnnotation.TimeUnit;
import org.apache.parquet.schema.LogicalTypeAnnotation.TimestampLogicalTypeAnnotation;
import org.apache.parquet.schema.LogicalTypeAnnotation.UnknownLogicalTypeAnnotation;
import org.apache.parquet.schema.MessageType;
import org.apache.parquet.schema.PrimitiveType.PrimitiveTypeName;
import org.apache.parquet.schema.Type;
import org.apache.spark.sql.AnalysisException;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.execution.datasources.parquet.ParquetToSparkSchemaConverter;
import org.apache.spark.sql.functions;
import org.apache.spark.sql.internal.SQLConf;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;

/**
 * Parquet, read by Spark. Nanoseconds are read as whole numbers ({@code spark.sql.legacy.parquet.nanosAsLong}, which the
 * caller's session must have set) and made times by {@link ColumnarFit}; Spark alone refuses them.
 */
final class ParquetFormat implements ColumnarFormat {
    private static final long serialVersionUID = 1L;

    /** Spark writes it, and has never written INT96 finer than microseconds. */
    private static final String WRITTEN_BY_SPARK = "org.apache.spark.version";

    @Override
    public String label() {
        return "Parquet";
    }

    @Override
    public FileShape shape(SourceFile file, ReadOptions options, Configuration hadoop) throws IOException {
        Path path = new Path(file.path());
        try (ParquetFileReader reader = ParquetFileReader.open(HadoopInputFile.fromPath(path, hadoop))) {
            MessageType schema = reader.getFooter().getFileMetaData().getSchema();
            StructType columns = new StructType();
            for (Type column : schema.getFields()) columns = columns.add(field(schema, column));
            boolean spark =
                    reader.getFooter().getFileMetaData().getKeyValueMetaData().containsKey(WRITTEN_BY_SPARK);
            FileShape shape = FileShape.of(file, columns, reader.getRecordCount(), "");
            MessageType int96 = spark ? new MessageType(schema.getName()) : int96Columns(schema);
            return int96.getFieldCount() == 0 ? shape : int96(shape, path, int96, options, hadoop);
        }
    }

    private static StructField field(MessageType schema, Type column) {
        LogicalTypeAnnotation annotation = column.getLogicalTypeAnnotation();
        boolean single = column.isPrimitive() && !column.isRepetition(Type.Repetition.REPEATED);
        if (single && annotation instanceof UnknownLogicalTypeAnnotation) {
            return DataTypes.createStructField(column.getName(), DataTypes.NullType, true);
        }
        if (single && isNanos(annotation)) {
            boolean utc = ((TimestampLogicalTypeAnnotation) annotation).isAdjustedToUTC();
            return FileShape.nanos(column.getName(), utc ? DataTypes.TimestampType : DataTypes.TimestampNTZType);
        }
        if (holdsNanos(column)) return FileShape.unreadable(column.getName(), "nested TIMESTAMP(NANOS)");
        try {
            StructField field = new ParquetToSparkSchemaConverter(new SQLConf())
                    .convert(new MessageType(schema.getName(), column))
                    .apply(0);
            return FileShape.isReadable(field) ? field : FileShape.unreadable(column.getName(), printed(column));
        } catch (Exception illegal) {
            // Scala throws AnalysisException without declaring it.
            if (!(illegal instanceof AnalysisException) && !(illegal instanceof RuntimeException)) throw illegal;
            return FileShape.unreadable(column.getName(), printed(column));
        }
    }

    /** The innermost type that the reader does not know, as Parquet prints it. */
    private static String printed(Type column) {
        if (column.isPrimitive()) {
            LogicalTypeAnnotation annotation = column.getLogicalTypeAnnotation();
            return annotation == null
                    ? column.asPrimitiveType().getPrimitiveTypeName().toString()
                    : annotation.toString();
        }
        List<String> inner = new ArrayList<>();
        for (Type field : column.asGroupType().getFields()) inner.add(field.getName() + ": " + printed(field));
        return "(" + String.join(", ", inner) + ")";
    }

    private static boolean isNanos(LogicalTypeAnnotation annotation) {
        return annotation instanceof TimestampLogicalTypeAnnotation time && time.getUnit() == TimeUnit.NANOS;
    }

    private static boolean holdsNanos(Type type) {
        if (type.isPrimitive()) return isNanos(type.getLogicalTypeAnnotation());
        return type.asGroupType().getFields().stream().anyMatch(ParquetFormat::holdsNanos);
    }

    private static MessageType int96Columns(MessageType schema) {
        return new MessageType(
                schema.getName(),
                schema.getFields().stream().filter(ParquetFormat::holdsInt96).toList());
    }

    private static boolean holdsInt96(Type type) {
        if (type.isPrimitive()) return type.asPrimitiveType().getPrimitiveTypeName() == PrimitiveTypeName.INT96;
        return type.asGroupType().getFields().stream().anyMatch(ParquetFormat::holdsInt96);
    }

    /** Spark cuts the nanoseconds of INT96 without a word, so they are counted before: one pass over those columns. */
    private static FileShape int96(
            FileShape shape, Path path, MessageType columns, ReadOptions options, Configuration hadoop)
            throws IOException {
        Configuration projection = new Configuration(hadoop);
        projection.set(ReadSupport.PARQUET_READ_SCHEMA, columns.toString());
        long finer = 0;
        try (ParquetReader<Group> reader = ParquetReader.builder(new GroupReadSupport(), path)
                .withConf(projection)
                .build()) {
            for (Group row = reader.read(); row != null; row = reader.read()) finer += finer(row);
        }
        if (finer == 0) return shape;
        if (options.onFinerTime() != OnFinerTime.TRUNCATE) {
            List<String> names = columns.getFields().stream().map(Type::getName).toList();
            return FileShape.unreadable(
                    shape.file(),
                    finer + " times of INT96 columns (" + String.join(", ", names)
                            + ") are finer than a microsecond; set `on-finer-time: truncate`, or write them as INT64");
        }
        return new FileShape(shape.file(), shape.schema(), shape.rows(), finer, "", null);
    }

    private static long finer(Group group) {
        long finer = 0;
        GroupType type = group.getType();
        for (int field = 0; field < type.getFieldCount(); field++) {
            for (int i = 0; i < group.getFieldRepetitionCount(field); i++) {
                if (!type.getType(field).isPrimitive()) finer += finer(group.getGroup(field, i));
                else if (holdsInt96(type.getType(field)) && isFiner(group.getInt96(field, i))) finer++;
            }
        }
        return finer;
    }

    /** INT96 is the nanosecond of the day, then the Julian day. */
    private static boolean isFiner(Binary time) {
        return time.toByteBuffer().order(java.nio.ByteOrder.LITTLE_ENDIAN).getLong() % 1000 != 0;
    }

    @Override
    public Loaded load(Cluster cluster, StructType schema, String way, List<SourceFile> files) {
        Column line = functions.col("_metadata.row_index").plus(1);
        return Loaded.exact(SparkFiles.load(cluster, "parquet", schema, files), SparkFiles.path(), line);
    }
}
