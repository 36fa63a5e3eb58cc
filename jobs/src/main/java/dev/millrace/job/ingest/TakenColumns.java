package dev.millrace.job.ingest;

import java.util.Arrays;
import java.util.List;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;

/** The columns ingest adds, to the table and, while it works, to the rows being checked. */
final class TakenColumns {
    static final String INGESTED_AT = "_ingested_at";
    static final String SOURCE_FILE = "_source_file";
    static final String BATCH_ID = "_batch_id";
    static final List<String> RESERVED = List.of(INGESTED_AT, SOURCE_FILE, BATCH_ID);

    static final String FILE = "_millrace_file";
    static final String LINE = "_millrace_line";
    static final String RECORD = "_millrace_record";
    static final String REASON = "_millrace_reason";
    static final String RULE = "_millrace_rule";
    static final String COLUMN = "_millrace_column";

    /** The {@code rule} of a row that stands for a whole file that cannot be read. */
    static final String WHOLE_FILE = "file";

    /** The {@code rule} of a row that stands for a whole file whose columns do not fit. */
    static final String WHOLE_FILE_SCHEMA = "schema";

    static final StructType MARKS = new StructType()
            .add(FILE, DataTypes.StringType)
            .add(LINE, DataTypes.LongType)
            .add(RECORD, DataTypes.StringType)
            .add(REASON, DataTypes.StringType)
            .add(RULE, DataTypes.StringType)
            .add(COLUMN, DataTypes.StringType);

    private TakenColumns() {}

    /** The columns of the table that come from files. */
    static StructType withoutAdded(StructType table) {
        return new StructType(Arrays.stream(table.fields())
                .filter(field -> !RESERVED.contains(field.name()))
                .toArray(StructField[]::new));
    }

    /** {@code target} and the marks behind it. */
    static StructType marked(StructType target) {
        StructType all = target;
        for (StructField mark : MARKS.fields()) all = all.add(mark);
        return all;
    }
}
