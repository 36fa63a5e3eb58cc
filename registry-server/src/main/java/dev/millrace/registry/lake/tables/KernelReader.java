package dev.millrace.registry.lake.tables;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.millrace.registry.platform.error.ErrorKind;
import dev.millrace.registry.platform.error.MillraceException;
import io.delta.kernel.Scan;
import io.delta.kernel.Snapshot;
import io.delta.kernel.TableManager;
import io.delta.kernel.data.ColumnVector;
import io.delta.kernel.data.ColumnarBatch;
import io.delta.kernel.data.FilteredColumnarBatch;
import io.delta.kernel.data.Row;
import io.delta.kernel.defaults.engine.DefaultEngine;
import io.delta.kernel.engine.Engine;
import io.delta.kernel.engine.FileReadResult;
import io.delta.kernel.internal.InternalScanFileUtils;
import io.delta.kernel.internal.actions.DeletionVectorDescriptor;
import io.delta.kernel.internal.data.ScanStateRow;
import io.delta.kernel.internal.util.Utils;
import io.delta.kernel.types.FieldMetadata;
import io.delta.kernel.types.StructField;
import io.delta.kernel.types.StructType;
import io.delta.kernel.utils.CloseableIterator;
import io.delta.kernel.utils.FileStatus;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.apache.hadoop.conf.Configuration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Schema, size and rows of one table by Delta Kernel, the only class here that knows it and Hadoop. Loading it takes a
 * second and tens of megabytes, so nothing may name it before the first table is asked for. Every file that is opened for
 * rows must lie in the lake. Stops when its thread is interrupted.
 */
final class KernelReader {
    /** Rows of a Parquet batch: sketches make rows of many kilobytes. */
    private static final String BATCH = "delta.kernel.default.parquet.reader.batch-size";

    private static final Logger LOG = LoggerFactory.getLogger(KernelReader.class);
    private static final long MOST_ANSWER = 4L << 20;
    private static final JsonFactory JSON = new JsonFactory();

    private final Configuration hadoop;
    private final Path root;

    /** @param root folder of the lake, links resolved */
    KernelReader(Path root) {
        this.root = root;
        this.hadoop = new Configuration();
        hadoop.setInt(BATCH, 64);
    }

    /** The table at {@code version}, which must have its log file or a checkpoint. Cost: its list of files. */
    TableState state(DeltaLog log, TableName name, long version) {
        return told(name, version, () -> {
            Engine engine = DefaultEngine.create(hadoop);
            Snapshot snapshot = snapshot(engine, log, version);
            Size size = size(engine, snapshot);
            return new TableState(
                    name,
                    version,
                    snapshot.getMetadata().getId(),
                    snapshot.getMetadata().getDescription().orElse(""),
                    fields(snapshot.getSchema()),
                    snapshot.getPartitionColumnNames(),
                    new HashMap<>(snapshot.getMetadata().getConfiguration()),
                    List.copyOf(new TreeSet<>(snapshot.getProtocol().getReaderAndWriterFeatures())),
                    snapshot.getProtocol().getMinReaderVersion(),
                    snapshot.getProtocol().getMinWriterVersion(),
                    size.uncounted() ? Optional.empty() : Optional.of(size.rows()),
                    size.files(),
                    size.bytes());
        });
    }

    private static Snapshot snapshot(Engine engine, DeltaLog log, long version) {
        return TableManager.loadSnapshot(log.folder().toUri().toString())
                .atVersion(version)
                .build(engine);
    }

    private record Size(long files, long bytes, long rows, boolean uncounted) {}

    private static Size size(Engine engine, Snapshot snapshot) throws IOException {
        long files = 0;
        long bytes = 0;
        long rows = 0;
        boolean uncounted = false;
        Scan scan = snapshot.getScanBuilder().build();
        try (CloseableIterator<FilteredColumnarBatch> batches = scan.getScanFiles(engine, true)) {
            while (batches.hasNext()) {
                try (CloseableIterator<Row> batch = batches.next().getRows()) {
                    while (batch.hasNext()) {
                        requireTime();
                        Row file = batch.next();
                        files++;
                        bytes += InternalScanFileUtils.getAddFileStatus(file).getSize();
                        long counted = counted(file);
                        if (counted < 0) uncounted = true;
                        else rows += counted;
                    }
                }
            }
        }
        return new Size(files, bytes, rows, uncounted);
    }

    /** Rows of a file without those a deletion vector takes away; -1 when its writer did not count. */
    private static long counted(Row file) throws IOException {
        Row add = file.getStruct(file.getSchema().indexOf("add"));
        int stats = add.getSchema().indexOf("stats");
        if (stats < 0 || add.isNullAt(stats)) return -1;
        DeletionVectorDescriptor deleted = InternalScanFileUtils.getDeletionVectorDescriptorFromRow(file);
        try (JsonParser parser = JSON.createParser(add.getString(stats))) {
            parser.nextToken();
            while (parser.nextToken() == JsonToken.FIELD_NAME) {
                String field = parser.currentName();
                parser.nextToken();
                if (field.equals("numRecords")) {
                    return parser.getLongValue() - (deleted == null ? 0 : deleted.getCardinality());
                }
                parser.skipChildren();
            }
        }
        return -1;
    }

    /**
     * The first rows in the order of the files, newest first.
     *
     * @param columns to read, in this order
     * @param limit most rows
     */
    TablePreview preview(DeltaLog log, TableName name, long version, List<TableState.Field> columns, int limit) {
        return told(name, version, () -> {
            Engine engine = DefaultEngine.create(hadoop);
            Snapshot snapshot = snapshot(engine, log, version);
            StructType schema = new StructType(columns.stream()
                    .map(column -> snapshot.getSchema().get(column.name()))
                    .toList());
            Scan scan = snapshot.getScanBuilder().withReadSchema(schema).build();
            Collected collected = new Collected(schema, limit);
            try (CloseableIterator<FilteredColumnarBatch> files = scan.getScanFiles(engine)) {
                while (files.hasNext() && !collected.isFull()) {
                    try (CloseableIterator<Row> batch = files.next().getRows()) {
                        while (batch.hasNext() && !collected.isFull()) read(engine, scan, batch.next(), log, collected);
                    }
                }
            }
            int left = snapshot.getSchema().length() - columns.size();
            return new TablePreview(name, version, columns, left, collected.rows, collected.more, collected.cut);
        });
    }

    private void read(Engine engine, Scan scan, Row file, DeltaLog log, Collected collected) throws IOException {
        FileStatus status = InternalScanFileUtils.getAddFileStatus(file);
        requireInside(status.getPath());
        DeletionVectorDescriptor deleted = InternalScanFileUtils.getDeletionVectorDescriptorFromRow(file);
        if (deleted != null && deleted.isOnDisk()) {
            requireInside(deleted.getAbsolutePath(log.folder().toUri().toString()));
        }
        Row state = scan.getScanState(engine);
        StructType physical = ScanStateRow.getPhysicalDataReadSchema(state);
        try (CloseableIterator<ColumnarBatch> data = engine.getParquetHandler()
                        .readParquetFiles(Utils.singletonCloseableIterator(status), physical, Optional.empty())
                        .map(FileReadResult::getData);
                CloseableIterator<FilteredColumnarBatch> batches =
                        Scan.transformPhysicalData(engine, state, file, data)) {
            while (batches.hasNext() && !collected.isFull()) collected.add(batches.next());
        }
    }

    /** A table's log may name any file of the machine. */
    private void requireInside(String file) throws IOException {
        String path = file.replaceFirst("^file:/*", "/"); // Kernel has decoded it already
        if (path.startsWith("/") && Path.of(path).toRealPath().startsWith(root)) return;
        throw new MillraceException(
                ErrorKind.INPUT_UNREADABLE,
                "Its log names a file outside the lake, which this server does not open. Copy the table into the lake.");
    }

    private static void requireTime() throws IOException {
        if (Thread.currentThread().isInterrupted()) throw new IOException("stopped");
    }

    /** Rows until there are enough of them, or of their bytes. */
    private static final class Collected {
        private final StructType schema;
        private final int limit;
        private final Cells cells = new Cells();
        private final List<ArrayNode> rows = new ArrayList<>();
        private final Set<String> cut = new LinkedHashSet<>();
        private boolean more;

        Collected(StructType schema, int limit) {
            this.schema = schema;
            this.limit = limit;
        }

        boolean isFull() {
            return more;
        }

        void add(FilteredColumnarBatch batch) throws IOException {
            requireTime();
            ColumnarBatch data = batch.getData();
            for (int row = 0; row < data.getSize() && !more; row++) {
                Optional<ColumnVector> selected = batch.getSelectionVector();
                if (selected.isPresent()
                        && (selected.get().isNullAt(row) || !selected.get().getBoolean(row))) continue;
                if (rows.size() == limit || cells.size() > MOST_ANSWER) more = true;
                else rows.add(row(data, row));
            }
        }

        private ArrayNode row(ColumnarBatch data, int row) {
            ArrayNode values = JsonNodeFactory.instance.arrayNode();
            for (int column = 0; column < schema.length(); column++) {
                values.add(cells.json(data.getColumnVector(column), row));
                if (cells.wasCut()) cut.add(schema.at(column).getName());
            }
            return values;
        }
    }

    private static List<TableState.Field> fields(StructType schema) {
        List<TableState.Field> fields = new ArrayList<>();
        for (StructField field : schema.fields()) {
            Map<String, String> metadata = texts(field.getMetadata());
            String comment = Optional.ofNullable(metadata.remove("comment")).orElse("");
            fields.add(new TableState.Field(
                    field.getName(), TypeText.of(field.getDataType()), field.isNullable(), comment, metadata));
        }
        return fields;
    }

    private static Map<String, String> texts(FieldMetadata metadata) {
        Map<String, String> texts = new HashMap<>();
        metadata.getEntries().forEach((key, value) -> texts.put(key, String.valueOf(value)));
        return texts;
    }

    private interface Reading<T> {
        T read() throws IOException;
    }

    /** What Kernel, Parquet and Hadoop throw at a damaged table is any runtime exception: all mean the table. */
    private static <T> T told(TableName name, long version, Reading<T> reading) {
        try {
            return reading.read();
        } catch (MillraceException refused) {
            throw new MillraceException(refused.kind(), "`" + name + "@" + version + "`: " + refused.getMessage());
        } catch (IOException | RuntimeException broken) {
            LOG.warn("table={} version={} cannot be read: {}", name, version, broken.toString());
            throw new MillraceException(
                    ErrorKind.INPUT_UNREADABLE,
                    "The table `" + name + "` cannot be read at version " + version + ": " + Reasons.of(broken)
                            + " Another version may be whole; the server's log has the cause.",
                    broken);
        }
    }
}
