package dev.millrace.engine.feature;

import dev.millrace.platform.table.Columns;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.functions;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;

/**
 * Windowed features of a stream of events. One shuffle by entity and one sort within its partitions serve all windows
 * and all aggregates; a partition is streamed, so an entity of any size needs the memory of its longest window only.
 *
 * @param entity columns that name whose events they are; rows without one answer as if nothing ever happened
 * @param plan what to compute
 */
public record WindowedRows(List<String> entity, WindowPlan plan) {
    static final String TIME = "_millrace_time";
    static final String KIND = "_millrace_kind";
    static final int EVENT = 1;
    static final int QUESTION = 2;

    /** Which moments are written. */
    public record Range(Instant from, Instant until) {
        /** All of time. */
        public static final Range ALL =
                new Range(Instant.EPOCH.minusSeconds(1L << 40), Instant.EPOCH.plusSeconds(1L << 40));

        private long fromMicros() {
            return micros(from);
        }

        private long untilMicros() {
            return micros(until);
        }

        private static long micros(Instant moment) {
            return Math.addExact(Math.multiplyExact(moment.getEpochSecond(), 1_000_000), moment.getNano() / 1_000);
        }
    }

    /**
     * The features at every event.
     *
     * @param carried further columns of the events to keep
     * @param order columns that order events of the same moment, for {@code last}
     * @return entity, carried columns, time, features
     */
    public Dataset<Row> atEvents(
            Dataset<Row> events, String time, List<String> carried, List<String> order, Range range) {
        Dataset<Row> rows = prepared(events, time, carried, EVENT | QUESTION);
        return answered(rows, time, carried, order, 0, range);
    }

    /**
     * The features at the full steps of a grid (midnight UTC for a day), for each entity from its first event until its
     * windows are empty again. A step at which nothing has changed since an empty one is left out, so the latest row
     * at or before a moment always holds.
     *
     * @return entity, time, features
     */
    public Dataset<Row> onGrid(Dataset<Row> events, String time, long stepMicros, List<String> order, Range range) {
        Dataset<Row> rows = prepared(events, time, order, EVENT);
        return answered(rows, time, order, order, stepMicros, range).drop(order.toArray(String[]::new));
    }

    /**
     * The features of the events at the moments of other rows.
     *
     * @param questions rows with the entity's columns
     * @param at their TIMESTAMP column
     * @return the columns of {@code questions}, then the features
     */
    public Dataset<Row> atQuestions(
            Dataset<Row> events, String time, List<String> order, Dataset<Row> questions, String at) {
        List<String> carried = new ArrayList<>(List.of(questions.columns()));
        carried.removeAll(entity);
        carried.remove(at);
        List<String> all = new ArrayList<>(carried);
        List<String> prefixed =
                order.stream().map(column -> "_millrace_order_" + column).toList();
        all.addAll(prefixed);
        Dataset<Row> asked = questions.select(withNulls(questions, events, order, prefixed));
        Dataset<Row> happened = events.select(withNulls(questions, carried, prefixed, order));
        Dataset<Row> rows = prepared(happened, time, all, EVENT).unionByName(withoutValues(asked, at, all));
        Dataset<Row> answered = answered(rows, at, all, prefixed, 0, Range.ALL);
        List<String> wanted = new ArrayList<>(List.of(questions.columns()));
        wanted.addAll(plan.names());
        return answered.select(Columns.named(wanted));
    }

    private static Column[] withNulls(
            Dataset<Row> questions, Dataset<Row> events, List<String> order, List<String> prefixed) {
        List<Column> columns = new ArrayList<>(List.of(Columns.named(List.of(questions.columns()))));
        for (int i = 0; i < order.size(); i++) {
            columns.add(functions
                    .lit(null)
                    .cast(events.schema().apply(order.get(i)).dataType())
                    .as(prefixed.get(i)));
        }
        return columns.toArray(Column[]::new);
    }

    /** The events with the questions' carried columns, NULL here, under names that do not clash with their own. */
    private static Column[] withNulls(
            Dataset<Row> questions, List<String> carried, List<String> prefixed, List<String> order) {
        List<Column> columns = new ArrayList<>(List.of(functions.col("*")));
        for (String column : carried) {
            columns.add(functions
                    .lit(null)
                    .cast(questions.schema().apply(column).dataType())
                    .as("_millrace_carried_" + column));
        }
        for (int i = 0; i < order.size(); i++)
            columns.add(Columns.named(order.get(i)).as(prefixed.get(i)));
        return columns.toArray(Column[]::new);
    }

    private Dataset<Row> prepared(Dataset<Row> events, String time, List<String> carried, int kind) {
        List<Column> columns = new ArrayList<>();
        entity.forEach(column -> columns.add(Columns.named(column)));
        List<String> present = List.of(events.columns());
        for (String column : carried) {
            String source = "_millrace_carried_" + column;
            columns.add(present.contains(source) ? Columns.named(source).as(column) : Columns.named(column));
        }
        columns.add(micros(Columns.named(time)).as(TIME));
        columns.add(functions.lit(kind).as(KIND));
        for (int i = 0; i < plan.created().size(); i++) {
            Column moment = micros(functions.expr(plan.created().get(i)));
            columns.add(
                    functions.coalesce(moment, functions.lit(Long.MAX_VALUE)).as(created(i)));
        }
        for (int i = 0; i < plan.values().size(); i++) {
            columns.add(functions.expr(plan.values().get(i)).as(value(i)));
        }
        return events.where(Columns.named(time).isNotNull()).select(columns.toArray(Column[]::new));
    }

    private Dataset<Row> withoutValues(Dataset<Row> questions, String at, List<String> carried) {
        List<Column> columns = new ArrayList<>();
        entity.forEach(column -> columns.add(Columns.named(column)));
        carried.forEach(column -> columns.add(Columns.named(column)));
        columns.add(micros(Columns.named(at)).as(TIME));
        columns.add(functions.lit(QUESTION).as(KIND));
        for (int i = 0; i < plan.created().size(); i++) {
            columns.add(functions.lit(Long.MAX_VALUE).as(created(i)));
        }
        for (int i = 0; i < plan.values().size(); i++) {
            columns.add(functions.lit(null).cast(DataTypes.DoubleType).as(value(i)));
        }
        return questions.where(Columns.named(at).isNotNull()).select(columns.toArray(Column[]::new));
    }

    private static Column micros(Column time) {
        return functions.unix_micros(time.cast(DataTypes.TimestampType));
    }

    private static String created(int index) {
        return "_millrace_created_" + index;
    }

    private static String value(int index) {
        return "_millrace_value_" + index;
    }

    private Dataset<Row> answered(
            Dataset<Row> rows, String time, List<String> carried, List<String> order, long stepMicros, Range range) {
        List<Column> sort = new ArrayList<>();
        entity.forEach(column -> sort.add(Columns.named(column)));
        sort.add(functions.col(TIME));
        order.forEach(column -> sort.add(Columns.named(column)));
        StructType schema = schema(rows.schema(), carried);
        WindowFunction function = new WindowFunction(
                entity.size(), carried.size(), plan, stepMicros, range.fromMicros(), range.untilMicros());
        Dataset<Row> answered = rows.repartition(Columns.named(entity))
                .sortWithinPartitions(sort.toArray(Column[]::new))
                .mapPartitions(function, Encoders.row(schema));
        List<Column> columns = new ArrayList<>();
        for (StructField field : schema.fields()) {
            columns.add(
                    field.name().equals(TIME)
                            ? functions.timestamp_micros(functions.col(TIME)).as(time)
                            : Columns.named(field.name()));
        }
        return answered.select(columns.toArray(Column[]::new));
    }

    private StructType schema(StructType rows, List<String> carried) {
        StructType schema = new StructType();
        for (String column : entity) schema = schema.add(rows.apply(column));
        for (String column : carried) schema = schema.add(rows.apply(column));
        schema = schema.add(TIME, DataTypes.LongType);
        for (WindowPlan.Feature feature : plan.columns()) {
            schema = schema.add(feature.name(), feature.isCount() ? DataTypes.LongType : DataTypes.DoubleType);
        }
        return schema;
    }

    /** The step of a grid, when there is one. */
    public static long stepMicros(Optional<java.time.Duration> grid) {
        return grid.map(step -> Math.multiplyExact(step.toMillis(), 1_000)).orElse(0L);
    }
}
