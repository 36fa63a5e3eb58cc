package dev.millrace.platform.table;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Iterator;
import org.apache.spark.api.java.function.MapPartitionsFunction;
import org.apache.spark.sql.Row;

/** Rows that, while they are being written, let another writer make the same table first, as a copy of {@code from}. */
record RivalTable(String from, String table) implements MapPartitionsFunction<Row, Row> {
    @Override
    public Iterator<Row> call(Iterator<Row> rows) {
        Path log = Path.of(table, "_delta_log");
        Path commit = log.resolve(String.format("%020d.json", 0));
        if (Files.exists(commit)) return rows;
        try {
            Files.createDirectories(log);
            try (var files = Files.list(Path.of(from))) {
                for (Path data : files.filter(file -> file.toString().endsWith(".parquet"))
                        .toList()) {
                    if (Files.notExists(Path.of(table).resolve(data.getFileName()))) {
                        Files.copy(data, Path.of(table).resolve(data.getFileName()));
                    }
                }
            }
            Files.copy(Path.of(from, "_delta_log").resolve(commit.getFileName()), commit);
        } catch (java.nio.file.FileAlreadyExistsException otherTask) {
            return rows;
        } catch (IOException unwritable) {
            throw new UncheckedIOException(unwritable);
        }
        return rows;
    }
}
