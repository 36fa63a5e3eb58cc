package dev.millrace.engine.intake;

import java.util.List;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;

/** The columns behind those of the target while rows are checked: where a row comes from and what is wrong with it. */
public final class Marks {
    /** The file as users see it. */
    public static final String FILE = "_millrace_file";

    /** The physical line in which a record begins, or the number of a row; NULL where the format numbers none. */
    public static final String LINE = "_millrace_line";

    /** A bad record as it stands in the file. */
    public static final String RECORD = "_millrace_record";

    /** Why a record is bad; NULL for a good one. */
    public static final String REASON = "_millrace_reason";

    /** What kind of thing is wrong with it. */
    public static final String RULE = "_millrace_rule";

    /** Columns whose values do not fit. */
    public static final String COLUMN = "_millrace_column";

    /** Times of the row that {@link OnClockChange} has decided. */
    public static final String RESOLVED = "_millrace_resolved";

    /** Times of the row that {@link OnFinerTime} has cut. */
    public static final String TRUNCATED = "_millrace_truncated";

    /** The {@code rule} of a row that stands for a whole file that cannot be read. */
    public static final String WHOLE_FILE = "file";

    /** The {@code rule} of a row that stands for a whole file whose columns do not fit. */
    public static final String WHOLE_FILE_SCHEMA = "schema";

    /** The {@code rule} of a record with a time that its zone's clocks skip or show twice. */
    public static final String CLOCK_CHANGE = "clock-change";

    /** The {@code rule} of a record with a time that is finer than a microsecond. */
    public static final String FINER_TIME = "finer-time";

    /** All of them, in their order. */
    public static final StructType COLUMNS = new StructType()
            .add(FILE, DataTypes.StringType)
            .add(LINE, DataTypes.LongType)
            .add(RECORD, DataTypes.StringType)
            .add(REASON, DataTypes.StringType)
            .add(RULE, DataTypes.StringType)
            .add(COLUMN, DataTypes.StringType)
            .add(RESOLVED, DataTypes.IntegerType)
            .add(TRUNCATED, DataTypes.IntegerType);

    static final int RESOLVED_AT = COLUMNS.fieldIndex(RESOLVED);
    static final int TRUNCATED_AT = COLUMNS.fieldIndex(TRUNCATED);

    /** Those that quarantine stores. */
    public static final List<String> OF_QUARANTINE = List.of(FILE, LINE, RECORD, REASON, RULE, COLUMN);

    private Marks() {}

    /** {@code target} and the marks behind it. */
    public static StructType behind(StructType target) {
        StructType all = target;
        for (StructField mark : COLUMNS.fields()) all = all.add(mark);
        return all;
    }
}
