package dev.millrace.engine.intake;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** The formats of files, by the names users give and the extensions they know. */
public enum FileFormat {
    CSV(new CsvFormat(), "csv", "tsv", "txt", "data"),
    JSON(new JsonLinesFormat(), "json", "jsonl", "ndjson"),
    PARQUET(new ParquetFormat(), "parquet", "pq"),
    ORC(new OrcFormat(), "orc");

    private final SourceFormat format;
    private final List<String> extensions;

    FileFormat(SourceFormat format, String... extensions) {
        this.format = format;
        this.extensions = List.of(extensions);
    }

    /** Reads such files. */
    public SourceFormat source() {
        return format;
    }

    /** By extension; that of a compression does not count. */
    static Optional<FileFormat> of(String file) {
        String lower = file.toLowerCase(Locale.ROOT).replaceFirst("\\.(gz|bz2|zst|zstd|snappy|lz4|deflate)$", "");
        String extension = lower.substring(lower.lastIndexOf('.') + 1);
        return Arrays.stream(values())
                .filter(format -> format.extensions.contains(extension))
                .findFirst();
    }
}
