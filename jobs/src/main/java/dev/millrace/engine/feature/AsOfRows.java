package dev.millrace.engine.feature;

import dev.millrace.platform.spark.PartitionStream;
import dev.millrace.platform.table.Columns;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntFunction;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.catalyst.expressions.RowOrdering;
import org.apache.spark.sql.functions;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;

/**
 * Point-in-time join: to each row the newest feature row of its entity that was there at its moment. Of several of one
 * moment, the one with the row's own key, otherwise the greatest by key and features from left to right: the result
 * depends on the rows alone. One shuffle by entity and one sort of both sides together; a partition is streamed.
 *
 * @param entity columns both sides have
 * @param key columns both sides have; of several feature rows of the newest moment, the one equal in them is taken
 * @param features columns to add
 * @param lagMicros a feature row can be used only this much after its moment
 * @param maxAgeMicros older feature rows are not used
 */
public record AsOfRows(
        List<String> entity, List<String> key, List<String> features, long lagMicros, long maxAgeMicros) {

    private static final String ENTITY = "_millrace_entity";
    private static final String CARRIED = "_millrace_carried";
    private static final String KEY = "_millrace_key";
    private static final String FEATURES = "_millrace_features";

    /**
     * @param spine the rows; those without a moment are left out
     * @param at their TIMESTAMP column
     * @param table the feature rows
     * @param time their TIMESTAMP column
     * @return the columns of {@code spine}, then the features; NULL where there is no row to use
     */
    public Dataset<Row> join(Dataset<Row> spine, String at, Dataset<Row> table, String time) {
        List<String> carried = Stream.of(spine.columns())
                .filter(column -> !entity.contains(column) && !column.equals(at))
                .toList();
        Dataset<Row> rows = spineRows(spine, at, carried, table).unionByName(tableRows(table, time, carried, spine));
        List<Column> sort = new ArrayList<>(List.of(Columns.named(entity)));
        sort.add(functions.col(WindowedRows.TIME));
        sort.add(functions.col(WindowedRows.KIND));
        for (int i = 0; i < key.size(); i++) sort.add(functions.col(keyColumn(i)));
        for (int i = 0; i < features.size(); i++) sort.add(sortable(featureColumn(i), rows.schema()));
        StructType result = new StructType()
                .add(ENTITY, part(rows, entity), false)
                .add(CARRIED, part(rows, carried), false)
                .add(WindowedRows.TIME, DataTypes.LongType, false)
                .add(FEATURES, part(table, features), true);
        List<Column> packed = new ArrayList<>();
        packed.add(functions.struct(Columns.named(entity)).as(ENTITY));
        packed.add(functions.struct(Columns.named(carried)).as(CARRIED));
        packed.add(functions.col(WindowedRows.TIME));
        packed.add(functions.col(WindowedRows.KIND));
        packed.add(functions.struct(columns(key.size(), AsOfRows::keyColumn)).as(KEY));
        packed.add(functions
                .struct(columns(features.size(), AsOfRows::featureColumn))
                .as(FEATURES));
        AsOfFunction function = new AsOfFunction(
                entity.size(), carried.size(), key.size(), features.size(), lagMicros, maxAgeMicros, result);
        Dataset<Row> sorted = EntityShuffle.of(rows, entity)
                .sortWithinPartitions(sort.toArray(Column[]::new))
                .select(packed.toArray(Column[]::new));
        Dataset<Row> joined = PartitionStream.map(sorted, function, result);
        List<Column> columns = new ArrayList<>();
        for (String column : spine.columns()) {
            if (column.equals(at)) {
                columns.add(functions
                        .timestamp_micros(functions.col(WindowedRows.TIME))
                        .as(at));
            } else {
                String in = entity.contains(column) ? ENTITY : CARRIED;
                columns.add(functions.col(in).getField(column).as(column));
            }
        }
        features.forEach(
                feature -> columns.add(functions.col(FEATURES).getField(feature).as(feature)));
        return joined.select(columns.toArray(Column[]::new));
    }

    private static StructType part(Dataset<Row> rows, List<String> columns) {
        StructType part = new StructType();
        for (String column : columns) part = part.add(rows.schema().apply(column));
        return part;
    }

    private static Column[] columns(int count, IntFunction<String> name) {
        return IntStream.range(0, count).mapToObj(name).map(functions::col).toArray(Column[]::new);
    }

    /** A value that can be compared; maps and variants are by their JSON. */
    private static Column sortable(String column, StructType schema) {
        boolean isOrderable = RowOrdering.isOrderable(schema.apply(column).dataType());
        return isOrderable ? functions.col(column) : functions.to_json(functions.struct(functions.col(column)));
    }

    private Dataset<Row> spineRows(Dataset<Row> spine, String at, List<String> carried, Dataset<Row> table) {
        List<Column> columns = new ArrayList<>(List.of(Columns.named(entity)));
        carried.forEach(column -> columns.add(Columns.named(column)));
        columns.add(micros(at).as(WindowedRows.TIME));
        columns.add(functions.lit(WindowedRows.QUESTION).as(WindowedRows.KIND));
        for (int i = 0; i < key.size(); i++)
            columns.add(Columns.named(key.get(i)).as(keyColumn(i)));
        for (int i = 0; i < features.size(); i++) {
            columns.add(nothing(table, features.get(i)).as(featureColumn(i)));
        }
        return spine.where(Columns.named(at).isNotNull()).select(columns.toArray(Column[]::new));
    }

    private Dataset<Row> tableRows(Dataset<Row> table, String time, List<String> carried, Dataset<Row> spine) {
        List<Column> columns = new ArrayList<>(List.of(Columns.named(entity)));
        carried.forEach(column -> columns.add(nothing(spine, column).as(column)));
        columns.add(micros(time).plus(functions.lit(lagMicros)).as(WindowedRows.TIME));
        columns.add(functions.lit(WindowedRows.EVENT).as(WindowedRows.KIND));
        for (int i = 0; i < key.size(); i++)
            columns.add(Columns.named(key.get(i)).as(keyColumn(i)));
        for (int i = 0; i < features.size(); i++) {
            columns.add(Columns.named(features.get(i)).as(featureColumn(i)));
        }
        Column known = Columns.named(time).isNotNull();
        for (String column : entity) known = known.and(Columns.named(column).isNotNull());
        return table.where(known).select(columns.toArray(Column[]::new));
    }

    private static Column nothing(Dataset<Row> like, String column) {
        return functions.lit(null).cast(like.schema().apply(column).dataType());
    }

    private static Column micros(String time) {
        return functions.unix_micros(Columns.named(time).cast(DataTypes.TimestampType));
    }

    private static String keyColumn(int index) {
        return "_millrace_key_" + index;
    }

    private static String featureColumn(int index) {
        return "_millrace_feature_" + index;
    }
}
