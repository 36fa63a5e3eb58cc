package dev.millrace.engine.feature;

import dev.millrace.platform.table.Columns;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.functions;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;

/**
 * Point-in-time join: to each row the newest feature row of its entity that was there at its moment. One shuffle by
 * entity and one sort of both sides together; a partition is streamed.
 *
 * @param entity columns both sides have
 * @param key columns both sides have; of several feature rows of the newest moment, the one equal in them is taken
 * @param features columns to add
 * @param lagMicros a feature row can be used only this much after its moment
 * @param maxAgeMicros older feature rows are not used
 */
public record AsOfRows(
        List<String> entity, List<String> key, List<String> features, long lagMicros, long maxAgeMicros) {

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
        StructType schema = new StructType();
        for (String column : entity) schema = schema.add(rows.schema().apply(column));
        for (String column : carried) schema = schema.add(rows.schema().apply(column));
        schema = schema.add(WindowedRows.TIME, DataTypes.LongType);
        for (String feature : features) schema = schema.add(table.schema().apply(feature));
        AsOfFunction function =
                new AsOfFunction(entity.size(), carried.size(), key.size(), features.size(), lagMicros, maxAgeMicros);
        Dataset<Row> joined = rows.repartition(Columns.named(entity))
                .sortWithinPartitions(sort.toArray(Column[]::new))
                .mapPartitions(function, Encoders.row(schema));
        List<Column> columns = new ArrayList<>();
        for (String column : spine.columns()) {
            columns.add(
                    column.equals(at)
                            ? functions
                                    .timestamp_micros(functions.col(WindowedRows.TIME))
                                    .as(at)
                            : Columns.named(column));
        }
        features.forEach(feature -> columns.add(Columns.named(feature)));
        return joined.select(columns.toArray(Column[]::new));
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
