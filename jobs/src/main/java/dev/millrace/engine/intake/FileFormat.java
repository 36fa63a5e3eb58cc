package dev.millrace.engine.intake;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/** The formats of files, by the names users give and the extensions they know. */
public enum FileFormat {
    CSV("csv", "tsv", "txt", "data"),
    JSON("json", "jsonl", "ndjson"),
    PARQUET("parquet", "pq"),
    ORC("orc");

    /** Between blanks. */
    private final String extensions;

    FileFormat(String... extensions) {
        this.extensions = " " + String.join(" ", extensions) + " ";
    }

    /** Reads such files. */
    public SourceFormat source() {
        return switch (this) {
            case CSV -> new CsvFormat();
            case JSON -> new JsonLinesFormat();
            case PARQUET -> new ParquetFormat();
            case ORC -> new OrcFormat();
        };
    }

    /** By extension; that of a compression does not count. */
    static Optional<FileFormat> of(String file) {
        String lower = file.toLowerCase(Locale.ROOT).replaceFirst("\\.(gz|bz2|zst|zstd|snappy|lz4|deflate)$", "");
        String extension = lower.substring(lower.lastIndexOf('.') + 1);
        return Arrays.stream(values())
                .filter(format -> format.extensions.contains(" " + extension + " "))
                .findFirst();
    }
}
