package dev.millrace.engine.feature;

import dev.millrace.platform.spark.PartitionStream;
import dev.millrace.platform.table.Columns;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.functions;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;

/**
 * Windowed features of a stream of events. One shuffle by entity and one sort within its partitions serve all windows
 * and all aggregates; a partition is streamed, and of an entity of any size only {@code memoryBytes} of events, and as
 * much of rows of one moment, are in memory at a time; the rest waits on disk.
 *
 * @param entity columns that name whose events they are; rows without one answer as if nothing ever happened
 * @param plan what to compute
 * @param memoryBytes for the events of one entity
 */
public record WindowedRows(List<String> entity, WindowPlan plan, long memoryBytes) {
    static final String TIME = "_millrace_time";
    static final String KIND = "_millrace_kind";
    private static final String ENTITY = "_millrace_entity";
    private static final String CARRIED = "_millrace_carried";
    private static final String ORDER = "_millrace_order_";
    private static final String MOMENT = "_millrace_moment_";
    private static final String VALUE = "_millrace_value_";
    static final int EVENT = 1;
    static final int QUESTION = 2;

    public WindowedRows(List<String> entity, WindowPlan plan) {
        this(entity, plan, WindowFunction.MEMORY_BYTES);
    }

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
     * @param order columns that order events of the same moment, for {@code last}; events equal in them too are ordered by
     *     what the features read of them
     * @return entity, carried columns, time, features
     */
    public Dataset<Row> atEvents(
            Dataset<Row> events, String time, List<String> carried, List<String> order, Range range) {
        Column kind = functions.lit(EVENT | QUESTION);
        if (List.of(events.columns()).contains(LabelHistory.VERSION)) {
            kind = functions.when(functions.expr(LabelHistory.IS_EVENT), kind).otherwise(functions.lit(EVENT));
        }
        Dataset<Row> rows = prepared(events, time, named(carried), named(order), kind);
        return answered(rows, time, carried, order.size(), Optional.empty(), false, range);
    }

    /**
     * The features at the steps of a grid (midnight UTC for a day), for each entity from its first event until its
     * windows are empty again. A step at which nothing has changed since an empty one is left out, so the latest row
     * at or before a moment always holds.
     *
     * @return entity, time, features
     */
    public Dataset<Row> onGrid(Dataset<Row> events, String time, GridStep step, List<String> order, Range range) {
        Dataset<Row> rows = prepared(events, time, List.of(), named(order), functions.lit(EVENT));
        return answered(rows, time, List.of(), order.size(), Optional.of(step), false, range);
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
        List<Column> nothing = carried.stream()
                .map(column -> functions
                        .lit(null)
                        .cast(questions.schema().apply(column).dataType())
                        .as(column))
                .toList();
        List<Column> unordered = order.stream()
                .map(column ->
                        functions.lit(null).cast(events.schema().apply(column).dataType()))
                .toList();
        Dataset<Row> rows = prepared(events, time, nothing, named(order), functions.lit(EVENT))
                .unionByName(asked(questions, at, named(carried), unordered));
        Dataset<Row> answered = answered(rows, at, carried, order.size(), Optional.empty(), true, Range.ALL);
        List<String> wanted = new ArrayList<>(List.of(questions.columns()));
        wanted.addAll(plan.names());
        return answered.select(Columns.named(wanted));
    }

    private static List<Column> named(List<String> columns) {
        return List.of(Columns.named(columns));
    }

    private Dataset<Row> prepared(
            Dataset<Row> events, String time, List<Column> carried, List<Column> order, Column kind) {
        List<Column> columns = fixed(time, carried, order, kind);
        for (int i = 0; i < plan.moments().size(); i++) {
            columns.add(functions.expr(plan.moments().get(i)).as(MOMENT + i));
        }
        for (int i = 0; i < plan.values().size(); i++) {
            columns.add(functions.expr(plan.values().get(i).sql()).as(VALUE + i));
        }
        return events.where(Columns.named(time).isNotNull()).select(columns.toArray(Column[]::new));
    }

    private Dataset<Row> asked(Dataset<Row> questions, String at, List<Column> carried, List<Column> order) {
        List<Column> columns = fixed(at, carried, order, functions.lit(QUESTION));
        for (int i = 0; i < plan.moments().size(); i++) {
            columns.add(functions.lit(Long.MAX_VALUE).as(MOMENT + i));
        }
        for (int i = 0; i < plan.values().size(); i++) {
            columns.add(functions.lit(null).cast(plan.values().get(i).type()).as(VALUE + i));
        }
        return questions.where(Columns.named(at).isNotNull()).select(columns.toArray(Column[]::new));
    }

    private List<Column> fixed(String time, List<Column> carried, List<Column> order, Column kind) {
        List<Column> columns = new ArrayList<>(named(entity));
        columns.addAll(carried);
        columns.add(functions
                .unix_micros(Columns.named(time).cast(DataTypes.TimestampType))
                .as(TIME));
        columns.add(kind.as(KIND));
        for (int i = 0; i < order.size(); i++) columns.add(order.get(i).as(ORDER + i));
        return columns;
    }

    private Dataset<Row> answered(
            Dataset<Row> rows,
            String time,
            List<String> carried,
            int order,
            Optional<GridStep> step,
            boolean eventsFirst,
            Range range) {
        List<Column> sort = new ArrayList<>(named(entity));
        sort.add(functions.col(TIME));
        if (eventsFirst) sort.add(functions.col(KIND));
        List<Column> brought = new ArrayList<>();
        for (int i = 0; i < plan.moments().size(); i++) brought.add(functions.col(MOMENT + i));
        for (int i = 0; i < plan.values().size(); i++) brought.add(functions.col(VALUE + i));
        if (plan.ordersTies()) {
            for (int i = 0; i < order; i++) sort.add(functions.col(ORDER + i));
            sort.addAll(brought);
        }
        List<Column> packed = new ArrayList<>();
        packed.add(functions.struct(Columns.named(entity)).as(ENTITY));
        packed.add(functions.struct(Columns.named(carried)).as(CARRIED));
        packed.add(functions.col(TIME));
        packed.add(functions.col(KIND));
        packed.addAll(brought);
        StructType result = result(rows.schema(), carried);
        WindowFunction function = new WindowFunction(
                entity.size(),
                carried.size(),
                plan,
                step.orElse(null),
                eventsFirst,
                range.fromMicros(),
                range.untilMicros(),
                result,
                memoryBytes);
        Dataset<Row> sorted = EntityShuffle.of(rows, entity)
                .sortWithinPartitions(sort.toArray(Column[]::new))
                .select(packed.toArray(Column[]::new));
        Dataset<Row> answered = PartitionStream.map(sorted, function, result);
        List<Column> columns = new ArrayList<>();
        for (String column : entity)
            columns.add(functions.col(ENTITY).getField(column).as(column));
        for (String column : carried)
            columns.add(functions.col(CARRIED).getField(column).as(column));
        columns.add(functions.timestamp_micros(functions.col(TIME)).as(time));
        for (String feature : plan.names()) columns.add(Columns.named(feature));
        return answered.select(columns.toArray(Column[]::new));
    }

    private StructType result(StructType rows, List<String> carried) {
        StructType result = new StructType()
                .add(ENTITY, part(rows, entity), false)
                .add(CARRIED, part(rows, carried), true)
                .add(TIME, DataTypes.LongType, false);
        for (WindowPlan.Feature feature : plan.columns()) result = result.add(feature.name(), feature.type());
        return result;
    }

    private static StructType part(StructType rows, List<String> columns) {
        StructType part = new StructType();
        for (String column : columns) part = part.add(rows.apply(column));
        return part;
    }
}
