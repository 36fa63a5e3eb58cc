package dev.millrace.job.ingest;

import java.util.Arrays;
import java.util.List;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;

/** The columns ingest adds to a table. */
final class TakenColumns {
    static final String INGESTED_AT = "_ingested_at";
    static final String SOURCE_FILE = "_source_file";
    static final String BATCH_ID = "_batch_id";
    static final List<String> RESERVED = List.of(INGESTED_AT, SOURCE_FILE, BATCH_ID);

    private TakenColumns() {}

    /** The columns of the table that come from files. */
    static StructType withoutAdded(StructType table) {
        return new StructType(Arrays.stream(table.fields())
                .filter(field -> !RESERVED.contains(field.name()))
                .toArray(StructField[]::new));
    }
}
