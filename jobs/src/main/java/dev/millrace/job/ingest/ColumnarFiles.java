package dev.millrace.job.ingest;

import dev.millrace.platform.error.ErrorKind;
import dev.millrace.platform.error.MillraceException;
import dev.millrace.platform.spark.SparkErrors;
import java.io.IOException;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.apache.orc.OrcFile;
import org.apache.parquet.hadoop.Footer;
import org.apache.parquet.hadoop.ParquetFileReader;
import org.apache.parquet.hadoop.util.HadoopInputFile;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.api.java.function.Function;
import org.apache.spark.sql.execution.datasources.orc.OrcUtils;
import org.apache.spark.sql.execution.datasources.parquet.ParquetFileFormat;
import org.apache.spark.sql.execution.datasources.parquet.ParquetToSparkSchemaConverter;
import org.apache.spark.sql.internal.SQLConf;
import org.apache.spark.sql.types.StructType;
import org.apache.spark.util.SerializableConfiguration;

/** What the footers of Parquet and ORC files say, read in parallel and without the data. */
final class ColumnarFiles {
    private ColumnarFiles() {}

    /**
     * One file's footer.
     *
     * @param schema null when the footer cannot be read
     * @param problem null when it can
     */
    record Shape(SourceFile file, StructType schema, long rows, String problem) implements Serializable {
        private static final long serialVersionUID = 1L;
    }

    /**
     * One shape per file, by path.
     *
     * @throws MillraceException as {@link RawBytes#require} says
     */
    static List<Shape> shapes(JavaSparkContext context, List<SourceFile> files, IngestConfig.Format format) {
        Look look = new Look(format, new SerializableConfiguration(context.hadoopConfiguration()));
        int tasks = Math.min(files.size(), 8 * context.defaultParallelism());
        try {
            List<Shape> shapes =
                    new ArrayList<>(context.parallelize(files, tasks).map(look).collect());
            shapes.sort(Comparator.comparing(shape -> shape.file().path()));
            return shapes;
        } catch (Exception failed) {
            throw SparkErrors.translated(failed);
        }
    }

    /** The files of each distinct schema, in the order of their first file. */
    static Map<StructType, List<Shape>> bySchema(List<Shape> shapes) {
        Map<StructType, List<Shape>> groups = new LinkedHashMap<>();
        for (Shape shape : shapes) {
            groups.computeIfAbsent(shape.schema(), schema -> new ArrayList<>()).add(shape);
        }
        return groups;
    }

    private record Look(IngestConfig.Format format, SerializableConfiguration hadoop)
            implements Function<SourceFile, Shape> {
        private static final long serialVersionUID = 1L;

        @Override
        public Shape call(SourceFile file) {
            if (file.bytes() == 0)
                return new Shape(
                        file,
                        null,
                        0,
                        "it has no bytes, so it is no " + format.name().toLowerCase(java.util.Locale.ROOT) + " file");
            try {
                return format == IngestConfig.Format.ORC ? orc(file, hadoop.value()) : parquet(file, hadoop.value());
            } catch (IOException | RuntimeException broken) {
                RawBytes.require(file, hadoop.value(), broken);
                String reason = broken.getMessage() == null ? broken.getClass().getSimpleName() : broken.getMessage();
                String line = reason.lines().findFirst().orElse(reason).replace(file.path(), "the file");
                return new Shape(file, null, 0, "its footer cannot be read (" + line + ")");
            }
        }

        private static Shape parquet(SourceFile file, Configuration hadoop) throws IOException {
            Path path = new Path(file.path());
            try (ParquetFileReader reader = ParquetFileReader.open(HadoopInputFile.fromPath(path, hadoop))) {
                Footer footer = new Footer(path, reader.getFooter());
                StructType schema = ParquetFileFormat.readSchemaFromFooter(
                        footer, new ParquetToSparkSchemaConverter(new SQLConf()));
                return new Shape(file, schema, reader.getRecordCount(), null);
            }
        }

        private static Shape orc(SourceFile file, Configuration hadoop) throws IOException {
            Path path = new Path(file.path());
            try (org.apache.orc.Reader reader = OrcFile.createReader(path, OrcFile.readerOptions(hadoop))) {
                return new Shape(file, OrcUtils.toCatalystSchema(reader.getSchema()), reader.getNumberOfRows(), null);
            }
        }
    }

    /** A file whose pages turned out to be damaged while they were read. */
    static final class Damaged extends RuntimeException {
        private static final long serialVersionUID = 1L;
        private final String path;

        Damaged(String path, Throwable cause) {
            super(path, cause);
            this.path = path;
        }

        /** As in {@link SourceFile#printed}. */
        String path() {
            return path;
        }

        /** The reason for users. */
        MillraceException told() {
            return new MillraceException(
                    ErrorKind.INPUT_UNREADABLE,
                    "File `" + path + "` is damaged: its footer is whole, but its data cannot be read. Nothing was"
                            + " committed. Copy it again, or set it aside by `on-corrupt-file: quarantine-file`.",
                    getCause());
        }
    }

    /** The damaged file that {@code failed} is about, if it is about one. */
    static java.util.Optional<Damaged> damage(Throwable failed) {
        int depth = 0;
        for (Throwable cause = failed; cause != null && depth++ < 50; cause = cause.getCause()) {
            if (cause instanceof org.apache.spark.SparkThrowable told
                    && String.valueOf(told.getCondition()).startsWith("FAILED_READ_FILE")) {
                String url = told.getMessageParameters().getOrDefault("path", "");
                String path = new Path(java.net.URI.create(url)).toString();
                return java.util.Optional.of(new Damaged(SourceFile.printed(path), failed));
            }
        }
        return java.util.Optional.empty();
    }
}
