package dev.millrace.engine.intake;

import dev.millrace.platform.error.ErrorKind;
import dev.millrace.platform.error.MillraceException;
import dev.millrace.platform.spark.SparkErrors;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.apache.hadoop.fs.Path;
import org.apache.spark.api.java.function.Function;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;
import org.apache.spark.util.SerializableConfiguration;

/**
 * Reads Parquet, ORC and their like: footers in parallel and without the data, then all files of one schema together. On
 * the driver: one schema per distinct schema, and one record per file.
 */
public final class ColumnarFiles {
    private ColumnarFiles() {}

    static Found look(Cluster cluster, List<SourceFile> files, ColumnarFormat format, ReadOptions options) {
        StructType all = new StructType();
        List<String> warnings = new ArrayList<>();
        for (FileShape shape : shapes(cluster, files, format, options)) {
            if (shape.problem() != null) continue;
            StructType meant = ColumnarFit.meant(shape.schema(), options);
            all = all.isEmpty() ? meant : ColumnarFit.joined(all, meant);
            if (options.onNewColumn() == OnNewColumn.ADD) all = withNew(all, meant, options.names());
            if (warnings.isEmpty() && !options.zoneDeclared() && hasZonelessTimes(shape.schema())) {
                warnings.add("Times without a time zone are read as UTC. Set another zone with `time-zone`, e.g."
                        + " Europe/Berlin");
            }
        }
        return new Found(all, warnings);
    }

    private static StructType withNew(StructType all, StructType more, NewNames names) {
        StructType grown = all;
        NewNames same = new NewNames(Map.of(), names.ignoreCase());
        for (StructField field : more.fields()) {
            if (same.find(List.of(grown.fieldNames()), field.name()) < 0) grown = grown.add(field);
        }
        return grown;
    }

    private static boolean hasZonelessTimes(StructType schema) {
        return Arrays.stream(schema.fields())
                .anyMatch(field -> FileShape.meant(field).equals(DataTypes.TimestampNTZType));
    }

    /** The files that are read by one plan: {@code columns} of the target come from their paths. */
    private record Group(StructType schema, String way, TreeSet<String> inPath) {}

    static Parsed read(
            Cluster cluster, List<SourceFile> files, ColumnarFormat format, StructType target, ReadOptions options) {
        List<Parsed.Refusal> refused = new ArrayList<>();
        Map<Group, List<FileShape>> groups = new LinkedHashMap<>();
        for (FileShape shape : shapes(cluster, files, format, options)) {
            if (shape.problem() == null) {
                TreeSet<String> inPath = new TreeSet<>(shape.file().pathValues().keySet());
                groups.computeIfAbsent(new Group(shape.schema(), shape.way(), inPath), group -> new ArrayList<>())
                        .add(shape);
            } else {
                refused.add(new Parsed.Refusal(shape.file().printed(), Marks.WHOLE_FILE, shape.problem()));
            }
        }
        Dataset<Row> all = null;
        boolean canFail = false;
        Map<String, Long> known = new HashMap<>();
        long truncated = 0;
        for (Map.Entry<Group, List<FileShape>> group : groups.entrySet()) {
            ColumnarFit fit =
                    new ColumnarFit(group.getKey().schema(), group.getKey().inPath(), target, options);
            if (fit.isRefused()) {
                for (FileShape shape : group.getValue()) {
                    refused.add(new Parsed.Refusal(shape.file().printed(), Marks.WHOLE_FILE_SCHEMA, fit.differences()));
                }
                continue;
            }
            List<SourceFile> members =
                    group.getValue().stream().map(FileShape::file).toList();
            StructType loadable = group.getValue().get(0).loadable();
            Dataset<Row> rows =
                    fit.rows(format.load(cluster, loadable, group.getKey().way(), members));
            all = all == null ? rows : all.union(rows);
            canFail |= fit.canFail() || !group.getKey().way().isEmpty();
            for (FileShape shape : group.getValue()) {
                known.put(shape.file().printed(), shape.rows());
                truncated += shape.truncated();
            }
        }
        if (all == null) all = cluster.frame(cluster.context().emptyRDD(), Marks.behind(target));
        return new Parsed(all, target, canFail, refused, known, truncated);
    }

    /**
     * One shape per file, by path.
     *
     * @throws MillraceException as {@link RawBytes#require} says
     */
    private static List<FileShape> shapes(
            Cluster cluster, List<SourceFile> files, ColumnarFormat format, ReadOptions options) {
        Look look = new Look(
                format, options, new SerializableConfiguration(cluster.context().hadoopConfiguration()));
        int tasks = Math.max(1, Math.min(files.size(), 8 * cluster.context().defaultParallelism()));
        try {
            List<FileShape> shapes = new ArrayList<>(
                    cluster.context().parallelize(files, tasks).map(look).collect());
            shapes.sort(Comparator.comparing(shape -> shape.file().path()));
            return shapes;
        } catch (Exception failed) {
            throw SparkErrors.translated(failed);
        }
    }

    private record Look(ColumnarFormat format, ReadOptions options, SerializableConfiguration hadoop)
            implements Function<SourceFile, FileShape> {
        private static final long serialVersionUID = 1L;

        @Override
        public FileShape call(SourceFile file) {
            if (file.bytes() == 0) {
                return FileShape.unreadable(file, "it is empty, so it is not a valid " + format.label() + " file");
            }
            try {
                FileShape shape = format.shape(file, options, hadoop.value());
                String doubled = shape.schema() == null ? "" : doubled(shape.schema());
                return doubled.isEmpty() ? shape : FileShape.unreadable(file, doubled);
            } catch (MillraceException told) {
                throw told;
            } catch (Exception broken) {
                // Scala throws AnalysisException without declaring it.
                RawBytes.require(file, hadoop.value(), broken);
                String line = SparkErrors.firstLine(broken).replace(file.path(), "the file");
                return FileShape.unreadable(file, "its footer cannot be read (" + line + ")");
            }
        }

        private static String doubled(StructType schema) {
            String names = Arrays.stream(schema.fieldNames())
                    .collect(Collectors.groupingBy(
                            name -> name.toLowerCase(Locale.ROOT), LinkedHashMap::new, Collectors.toList()))
                    .values()
                    .stream()
                    .filter(same -> same.size() > 1)
                    .map(same -> "`" + String.join("`, `", same) + "`")
                    .collect(Collectors.joining("; "));
            return names.isEmpty()
                    ? ""
                    : "it has columns that are equal or differ only by case: " + names + ". Write it with other names";
        }
    }

    /** A file whose data turned out to be damaged while they were read. */
    public static final class Damaged extends RuntimeException {
        private static final long serialVersionUID = 1L;
        private final String path;

        Damaged(String path, Throwable cause) {
            super(path, cause);
            this.path = path;
        }

        /** As in {@link SourceFile#printed}. */
        public String path() {
            return path;
        }

        /** The reason for users. */
        public MillraceException told() {
            return new MillraceException(
                    ErrorKind.INPUT_UNREADABLE,
                    "File `" + path + "` is damaged: its footer is valid, but its data cannot be read ("
                            + SparkErrors.firstLine(getCause()) + "). Copy it again, or quarantine it with"
                            + " `on-corrupt-file: quarantine-file`.",
                    getCause());
        }
    }

    /** The damaged file that {@code failed} is about, if it is about one. */
    public static Optional<Damaged> damage(Throwable failed) {
        int depth = 0;
        for (Throwable cause = failed; cause != null && depth++ < 50; cause = cause.getCause()) {
            if (cause instanceof Damaged damaged) return Optional.of(damaged);
            if (cause instanceof org.apache.spark.SparkThrowable told
                    && String.valueOf(told.getCondition()).startsWith("FAILED_READ_FILE")) {
                String url = told.getMessageParameters().getOrDefault("path", "");
                String path = new Path(java.net.URI.create(url)).toString();
                return Optional.of(new Damaged(SourceFile.printed(path), root(cause)));
            }
        }
        return Optional.empty();
    }

    private static Throwable root(Throwable failed) {
        Throwable root = failed;
        for (int depth = 0; root.getCause() != null && depth < 50; depth++) root = root.getCause();
        return root;
    }
}
