package dev.millrace.job;

import dev.millrace.platform.table.Columns;
import dev.millrace.platform.table.Commit;
import dev.millrace.platform.table.OutputRef;
import dev.millrace.platform.table.TableName;
import dev.millrace.platform.table.Tables;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.functions;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;

/**
 * The rejected rows of a table: {@code quarantine.<table>}, whose columns are these, whichever job writes (CONTRACT §5).
 * Tables of one name in several schemas share it and are told apart by {@code table_name}; no method touches the rows of
 * another table.
 *
 * @param source the table that the rows were meant for
 */
public record Quarantine(TableName source, JobContext ctx) {
    public static final String RECORD = "record";
    public static final String REASON = "reason";
    public static final String RULE = "rule";
    public static final String COLUMN = "column_name";
    public static final String FILE = "source_file";
    public static final String LINE = "line";
    public static final String BATCH = "batch_id";
    /** The owner of the job file that rejected the row ({@code CommitMetadata.owner}). */
    public static final String OWNER = "owner";
    /** The columns that identify the row, as {@link #key} writes them. */
    public static final String KEY = "row_key";

    public static final String EVENT_TIME = "event_time";
    public static final String MODEL = "model_name";
    public static final String MODEL_VERSION = "model_version";

    private static final String SCHEMA = "quarantine";
    private static final String RUN = "run_id";
    private static final String AT = "at";
    private static final String TABLE = "table_name";
    private static final StructType COLUMNS = new StructType()
            .add(RECORD, DataTypes.StringType)
            .add(REASON, DataTypes.StringType)
            .add(RULE, DataTypes.StringType)
            .add(COLUMN, DataTypes.StringType)
            .add(FILE, DataTypes.StringType)
            .add(LINE, DataTypes.LongType)
            .add(BATCH, DataTypes.LongType)
            .add(RUN, DataTypes.StringType)
            .add(AT, DataTypes.TimestampType)
            .add(TABLE, DataTypes.StringType)
            .add(OWNER, DataTypes.StringType)
            .add(KEY, DataTypes.StringType)
            .add(EVENT_TIME, DataTypes.TimestampType)
            .add(MODEL, DataTypes.StringType)
            .add(MODEL_VERSION, DataTypes.IntegerType);

    public TableName table() {
        return new TableName(SCHEMA, source.table());
    }

    /** JSON of the key columns in the order of their names; NULL has no entry. Two rows have one key, or two texts. */
    public static Column key(List<String> columns) {
        return functions.to_json(
                functions.struct(Columns.named(columns.stream().sorted().toList())));
    }

    /**
     * Replaces the rows that satisfy {@code which}.
     *
     * @param rejected columns of this table by name; those it lacks are NULL, and run, time, owner and table are added
     * @param which SQL that every rejected row satisfies too
     */
    public Commit replace(Dataset<Row> rejected, String which) {
        if (lacksColumnsOf(which)) return append(rejected, "run/" + ctx.run().id(), 0);
        return ctx.tables().replaceWhere(OutputRef.of(table()), complete(rejected), ofSource(which));
    }

    /** Removes the rows that satisfy {@code which}; no commit when there are none. */
    public Optional<Commit> remove(String which) {
        if (!holds(which)) return Optional.empty();
        return Optional.of(replace(ctx.spark().createDataFrame(List.of(), COLUMNS), which));
    }

    /** Appends once per {@code (application, number)}; see {@link Tables#append}. */
    public Commit append(Dataset<Row> rejected, String application, long number) {
        return ctx.tables().append(OutputRef.of(table()), complete(rejected), application, number);
    }

    /**
     * Replaces the rows of equal {@link #KEY} and {@link #MODEL} and adds the others.
     *
     * @param good {@link #KEY} and {@link #MODEL} of rows that are no longer rejected; theirs are removed
     * @param stale SQL; rows that satisfy it are removed unless they are rejected again
     */
    public Commit merge(Dataset<Row> rejected, Dataset<Row> good, Optional<String> stale) {
        Dataset<Row> leaving = good.withColumn(TABLE, functions.lit(source.toString()));
        return ctx.tables()
                .merge(
                        OutputRef.of(table()),
                        complete(rejected),
                        List.of(TABLE, MODEL, KEY),
                        new Tables.Leaving(stale.map(this::ofSource), Optional.of(leaving)));
    }

    /** Whether a row of this table satisfies {@code which}. Reads at most the files whose statistics allow one. */
    public boolean holds(String which) {
        return ctx.tables().exists(table())
                && !lacksColumnsOf(which)
                && ctx.tables().hasAny(table(), ofSource(which));
    }

    /** Tables of earlier versions have no columns but those of ingest, whose rows nobody else's condition is about. */
    private boolean lacksColumnsOf(String which) {
        if (!ctx.tables().exists(table())) return false;
        List<String> present = Arrays.asList(ctx.tables().schema(table()).fieldNames());
        return Arrays.stream(COLUMNS.fieldNames()).anyMatch(name -> which.contains(name) && !present.contains(name));
    }

    private String ofSource(String which) {
        return TABLE + " = '" + source + "' AND (" + which + ")";
    }

    private Dataset<Row> complete(Dataset<Row> rejected) {
        List<String> given = List.of(rejected.columns());
        Column[] columns = Arrays.stream(COLUMNS.fields())
                .map(field -> value(field, given).cast(field.dataType()).as(field.name()))
                .toArray(Column[]::new);
        return rejected.select(columns);
    }

    private Column value(StructField field, List<String> given) {
        return switch (field.name()) {
            case RUN -> functions.lit(ctx.run().id());
            case AT -> functions.lit(ctx.clock().instant());
            case OWNER -> functions.lit(ctx.owner());
            case TABLE -> functions.lit(source.toString());
            default -> given.contains(field.name()) ? Columns.named(field.name()) : functions.lit(null);
        };
    }
}
