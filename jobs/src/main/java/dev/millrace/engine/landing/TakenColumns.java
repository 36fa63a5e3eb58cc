package dev.millrace.engine.landing;

import java.util.Arrays;
import java.util.List;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;

/** The columns ingest adds to a table. */
public final class TakenColumns {
    public static final String INGESTED_AT = "_ingested_at";
    public static final String SOURCE_FILE = "_source_file";
    public static final String BATCH_ID = "_batch_id";
    public static final List<String> RESERVED = List.of(INGESTED_AT, SOURCE_FILE, BATCH_ID);

    private TakenColumns() {}

    /** The columns of the table that come from files. */
    public static StructType withoutAdded(StructType table) {
        return new StructType(Arrays.stream(table.fields())
                .filter(field -> !RESERVED.contains(field.name()))
                .toArray(StructField[]::new));
    }
}
