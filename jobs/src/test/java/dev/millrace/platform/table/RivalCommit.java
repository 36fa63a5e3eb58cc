package dev.millrace.platform.table;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Iterator;
import org.apache.spark.api.java.function.MapPartitionsFunction;
import org.apache.spark.sql.Row;

/**
 * Rows that, while they are being written, let another writer commit version {@code next} of the same table first: the
 * race that is lost, every time.
 *
 * @param rounds how many versions the rival commits at most, one per attempt
 */
record RivalCommit(String table, long next, int rounds) implements MapPartitionsFunction<Row, Row> {
    @Override
    public Iterator<Row> call(Iterator<Row> rows) {
        Path log = Path.of(table, "_delta_log");
        for (long version = next; version < next + rounds; version++) {
            Path commit = log.resolve(String.format("%020d.json", version));
            if (Files.exists(commit)) continue;
            try {
                Path data = Path.of(table, "rival-" + version + ".parquet");
                Files.copy(someParquet(), data);
                Files.writeString(
                        commit,
                        """
                        {"commitInfo":{"timestamp":1,"operation":"WRITE","operationParameters":{"mode":"Append"}}}
                        {"add":{"path":"%s","partitionValues":{},"size":%d,"modificationTime":1,"dataChange":true}}
                        """
                                .formatted(data.getFileName(), Files.size(data)));
            } catch (IOException unwritable) {
                throw new UncheckedIOException(unwritable);
            }
            break;
        }
        return rows;
    }

    private Path someParquet() throws IOException {
        try (var files = Files.list(Path.of(table))) {
            return files.filter(file -> file.toString().endsWith(".parquet"))
                    .findFirst()
                    .orElseThrow();
        }
    }
}
