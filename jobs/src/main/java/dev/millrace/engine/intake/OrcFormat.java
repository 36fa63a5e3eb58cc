package dev.millrace.engine.intake;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.apache.orc.ColumnStatistics;
import org.apache.orc.DateColumnStatistics;
import org.apache.orc.OrcFile;
import org.apache.orc.OrcProto;
import org.apache.orc.Reader;
import org.apache.orc.TypeDescription;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.function.FlatMapFunction;
import org.apache.spark.sql.AnalysisException;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.execution.datasources.orc.OrcUtils;
import org.apache.spark.sql.functions;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;
import org.apache.spark.util.SerializableConfiguration;

/**
 * ORC. Spark reads files without times, and those it wrote itself. {@link OrcRows} reads the others, because Spark cuts
 * their nanoseconds without a word, fails on fractions of seconds before 1970 as C++ writes them, and takes every file
 * for one of the older calendar, which moves dates before October 1582 by days when the writer (pyarrow, DuckDB, Trino)
 * counts by the Gregorian calendar of all times.
 */
final class OrcFormat implements ColumnarFormat {
    private static final long serialVersionUID = 1L;
    private static final String BY_SPARK = "";
    private static final String GREGORIAN_DAYS = "gregorian";
    private static final String JULIAN_DAYS = "julian";

    /** In the metadata of files that Spark wrote, whose times are microseconds. */
    private static final String WRITTEN_BY_SPARK = "org.apache.spark.version";

    /** 1582-10-15, the first day of the Gregorian calendar. */
    private static final long FIRST_GREGORIAN = -141_427;

    /** Only what was written by Java may count days as Spark expects. */
    private static final int JAVA_WRITER = 0;

    @Override
    public String label() {
        return "ORC";
    }

    @Override
    public FileShape shape(SourceFile file, ReadOptions options, Configuration hadoop) throws IOException {
        Path path = new Path(file.path());
        try (Reader reader = OrcFile.createReader(path, OrcFile.readerOptions(hadoop))) {
            StructType schema = new StructType();
            TypeDescription root = reader.getSchema();
            for (int i = 0; i < root.getFieldNames().size(); i++) {
                schema = schema.add(
                        field(root.getFieldNames().get(i), root.getChildren().get(i)));
            }
            return FileShape.of(file, schema, reader.getNumberOfRows(), way(reader));
        }
    }

    private static StructField field(String name, TypeDescription type) {
        try {
            TypeDescription alone = TypeDescription.createStruct().addField(name, withoutZones(type));
            StructField field = OrcUtils.toCatalystSchema(alone).apply(0);
            if (FileShape.isReadable(field)) return field;
        } catch (Exception unknown) {
            // Scala throws AnalysisException without declaring it.
            if (!(unknown instanceof AnalysisException) && !(unknown instanceof RuntimeException)) throw unknown;
        }
        return FileShape.unreadable(name, type.toString());
    }

    /** Spark does not know the name of times with a zone; it holds them as it holds the others. */
    private static TypeDescription withoutZones(TypeDescription type) {
        return switch (type.getCategory()) {
            case TIMESTAMP_INSTANT -> TypeDescription.createTimestamp();
            case LIST ->
                TypeDescription.createList(withoutZones(type.getChildren().get(0)));
            case MAP ->
                TypeDescription.createMap(
                        type.getChildren().get(0).clone(),
                        withoutZones(type.getChildren().get(1)));
            case STRUCT -> {
                TypeDescription struct = TypeDescription.createStruct();
                for (int i = 0; i < type.getFieldNames().size(); i++) {
                    struct.addField(
                            type.getFieldNames().get(i),
                            withoutZones(type.getChildren().get(i)));
                }
                yield struct;
            }
            default -> type.clone();
        };
    }

    private static String way(Reader reader) {
        List<TypeDescription> types = new ArrayList<>();
        flatten(reader.getSchema(), types);
        boolean times = types.stream().anyMatch(OrcFormat::isTime) && !reader.hasMetadataValue(WRITTEN_BY_SPARK);
        boolean gregorian = isProleptic(reader);
        if (!times && !(gregorian && hasOldDates(reader, types))) return BY_SPARK;
        return gregorian ? GREGORIAN_DAYS : JULIAN_DAYS;
    }

    private static boolean isTime(TypeDescription type) {
        return type.getCategory() == TypeDescription.Category.TIMESTAMP
                || type.getCategory() == TypeDescription.Category.TIMESTAMP_INSTANT;
    }

    private static boolean isProleptic(Reader reader) {
        OrcProto.Footer footer = reader.getFileTail().getFooter();
        return switch (footer.getCalendar()) {
            case PROLEPTIC_GREGORIAN -> true;
            case JULIAN_GREGORIAN -> false;
            case UNKNOWN_CALENDAR -> footer.hasWriter() && footer.getWriter() != JAVA_WRITER;
        };
    }

    /** By the statistics of the whole file; without them, as if there were such dates. */
    private static boolean hasOldDates(Reader reader, List<TypeDescription> types) {
        ColumnStatistics[] statistics = reader.getStatistics();
        for (TypeDescription type : types) {
            if (type.getCategory() != TypeDescription.Category.DATE) continue;
            ColumnStatistics column = type.getId() < statistics.length ? statistics[type.getId()] : null;
            if (column != null && column.getNumberOfValues() == 0) continue;
            boolean young =
                    column instanceof DateColumnStatistics days && days.getMinimumDayOfEpoch() >= FIRST_GREGORIAN;
            if (!young) return true;
        }
        return false;
    }

    private static void flatten(TypeDescription type, List<TypeDescription> types) {
        types.add(type);
        if (type.getChildren() != null) type.getChildren().forEach(child -> flatten(child, types));
    }

    @Override
    public Loaded load(Cluster cluster, StructType schema, String way, List<SourceFile> files) {
        Column unnumbered = functions.lit(null).cast(DataTypes.LongType);
        if (way.equals(BY_SPARK)) {
            return Loaded.exact(SparkFiles.load(cluster, "orc", schema, files), SparkFiles.path(), unnumbered);
        }
        Read read = new Read(
                schema,
                way.equals(JULIAN_DAYS),
                new SerializableConfiguration(cluster.context().hadoopConfiguration()));
        JavaRDD<InternalRow> rows = cluster.context()
                .parallelize(files, Math.min(files.size(), 8 * cluster.context().defaultParallelism()))
                .flatMap(read);
        return new Loaded(
                cluster.frame(rows, OrcRows.behind(schema)),
                functions.col(OrcRows.FILE),
                unnumbered,
                functions.col(OrcRows.FINER));
    }

    private record Read(StructType schema, boolean julian, SerializableConfiguration hadoop)
            implements FlatMapFunction<SourceFile, InternalRow> {
        private static final long serialVersionUID = 1L;

        @Override
        public Iterator<InternalRow> call(SourceFile file) {
            return new OrcRows(file, schema, julian, hadoop.value());
        }
    }
}
