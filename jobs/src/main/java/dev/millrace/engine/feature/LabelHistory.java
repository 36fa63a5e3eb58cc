package dev.millrace.engine.feature;

import dev.millrace.engine.truth.LabelSource;
import dev.millrace.platform.error.ErrorKind;
import dev.millrace.platform.error.MillraceException;
import dev.millrace.platform.table.Columns;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.functions;
import org.apache.spark.sql.types.BooleanType;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.IntegralType;
import org.apache.spark.sql.types.NumericType;
import org.apache.spark.sql.types.StringType;
import scala.jdk.javaapi.CollectionConverters;

/**
 * The labels of each row in the order of their arrival, which answers what was known at any moment (CONTRACT §6): the
 * newest that had arrived. Of several that arrived at one moment the greatest counts; labels that are NULL, or whose
 * arrival is, are none. {@link dev.millrace.engine.truth.NewestLabels} is the same rule for one moment.
 *
 * <p>Cost: one shuffle of the labels by key, and that of the join. Memory: the labels of one key.
 */
public final class LabelHistory {
    static final String VERSION = "_millrace_label_version";
    static final String KNOWN = "_millrace_label_known";
    static final String REPLACED = "_millrace_label_replaced";
    /** SQL: the row is an event, and not only another label of one. */
    static final String IS_EVENT = VERSION + " = 0";

    private static final String HISTORY = "_millrace_label_history";
    private static final String LABEL = "_millrace_label";
    private static final String ARRIVED = "arrived";

    private final LabelSource source;
    private final String time;

    /**
     * @param source keys are columns of rows and labels
     * @param time TIMESTAMP or DATE column of the rows
     */
    public LabelHistory(LabelSource source, String time) {
        this.source = source;
        this.time = time;
        if (source.missingAs().isPresent() && source.taken().size() != 1) {
            throw new MillraceException(
                    ErrorKind.CONFIG,
                    "`labels.missing-as` is the value of one column, but `labels` has "
                            + String.join(", ", source.taken())
                            + ". Use one column, or remove `missing-as` and `after`.");
        }
    }

    /**
     * Rows once for each label they ever had, and once when they never had one: the taken columns, the column of arrival,
     * and from when until when each was the newest one known.
     *
     * @param labels the table of labels
     */
    public Dataset<Row> versions(Dataset<Row> rows, Dataset<Row> labels) {
        Dataset<Row> joined = joined(rows, labels);
        List<Column> columns = new ArrayList<>(List.of(Columns.named(List.of(rows.columns()))));
        columns.add(functions.posexplode_outer(functions.col(HISTORY)).as(new String[] {VERSION, LABEL}));
        Dataset<Row> exploded = joined.select(columns.toArray(Column[]::new));
        List<Column> flat = new ArrayList<>(List.of(Columns.named(List.of(rows.columns()))));
        Column label = functions.col(LABEL);
        for (String column : source.taken()) flat.add(label.getField(column).as(column));
        source.createdColumn()
                .filter(column -> !source.taken().contains(column))
                .ifPresent(column -> flat.add(label.getField(ARRIVED).as(column)));
        flat.add(functions.coalesce(functions.col(VERSION), functions.lit(0)).as(VERSION));
        flat.add(micros(label.getField(KNOWN)).as(KNOWN));
        flat.add(micros(label.getField(REPLACED)).as(REPLACED));
        return exploded.select(flat.toArray(Column[]::new));
    }

    /**
     * The rows with the label that was known at a moment; NULL where there was none. Needs exactly one taken column.
     *
     * @param moment TIMESTAMP over the columns of {@code rows}; NULL for whatever arrived at any time
     */
    public Dataset<Row> asOf(Dataset<Row> rows, Dataset<Row> labels, Column moment) {
        String taken = source.taken().get(0);
        Column known = functions.filter(
                functions.col(HISTORY),
                label -> functions.isnull(moment).or(label.getField(KNOWN).leq(moment)));
        List<Column> columns = new ArrayList<>(List.of(Columns.named(List.of(rows.columns()))));
        columns.add(at(known, functions.lit(-1)).getField(taken).as(taken));
        return joined(rows, labels).select(columns.toArray(Column[]::new));
    }

    /** The rows with an array of (known, replaced, arrived, taken columns) in the order of time. */
    private Dataset<Row> joined(Dataset<Row> rows, Dataset<Row> labels) {
        Dataset<Row> histories = histories(labels);
        Dataset<Row> joined =
                rows.join(histories, CollectionConverters.asScala(source.keys()).toSeq(), "left");
        DataType type = histories.schema().apply(HISTORY).dataType();
        Column history =
                functions.coalesce(functions.col(HISTORY), functions.array().cast(type));
        Column at = Columns.named(time).cast(DataTypes.TimestampType);
        if (source.createdColumn().isEmpty()) {
            Column known = later(at, source.delay());
            history = functions.transform(history, label -> label.withField(KNOWN, known));
        }
        if (source.missingAs().isPresent()) {
            DataType label = labels.schema().apply(source.taken().get(0)).dataType();
            history = withMissing(history, label, at);
        }
        Column ordered = history;
        Column replaced = functions.transform(
                ordered,
                (label, index) ->
                        label.withField(REPLACED, at(ordered, index.plus(2)).getField(KNOWN)));
        List<Column> columns = new ArrayList<>(List.of(Columns.named(List.of(rows.columns()))));
        columns.add(replaced.as(HISTORY));
        return joined.select(columns.toArray(Column[]::new));
    }

    /** One row per key: its labels in the order of their arrival, of each arrival the greatest. */
    private Dataset<Row> histories(Dataset<Row> labels) {
        Column arrived = source.createdColumn()
                .map(column -> Columns.named(column).cast(DataTypes.TimestampType))
                .orElse(functions.lit(null).cast(DataTypes.TimestampType));
        Column isLabel = source.taken().stream()
                .map(column -> Columns.named(column).isNotNull())
                .reduce(Column::or)
                .orElseThrow();
        if (source.createdColumn().isPresent()) isLabel = isLabel.and(arrived.isNotNull());
        List<Column> label = new ArrayList<>();
        label.add(arrived.as(KNOWN));
        label.add(functions.lit(null).cast(DataTypes.TimestampType).as(REPLACED));
        label.add(arrived.as(ARRIVED));
        source.taken().forEach(column -> label.add(Columns.named(column).as(column)));
        Column all = functions.col(HISTORY);
        Column newestOfArrival = functions.filter(all, (one, index) -> functions
                .size(all)
                .equalTo(index.plus(1))
                .or(functions.not(
                        one.getField(ARRIVED).eqNullSafe(at(all, index.plus(2)).getField(ARRIVED)))));
        List<Column> result = new ArrayList<>(List.of(Columns.named(source.keys())));
        result.add(newestOfArrival.as(HISTORY));
        return labels.where(isLabel)
                .groupBy(Columns.named(source.keys()))
                .agg(functions
                        .sort_array(functions.collect_list(functions.struct(label.toArray(Column[]::new))))
                        .as(HISTORY))
                .select(result.toArray(Column[]::new));
    }

    private static Column at(Column array, Column position) {
        return functions.try_element_at(array, position);
    }

    /** A key counts as {@code missing-as} until its first label, when that comes later than {@code after}. */
    private Column withMissing(Column history, DataType type, Column at) {
        Column from = later(at, source.after().orElseThrow());
        String taken = source.taken().get(0);
        Column missing = functions.struct(
                from.as(KNOWN),
                functions.lit(null).cast(DataTypes.TimestampType).as(REPLACED),
                functions.lit(null).cast(DataTypes.TimestampType).as(ARRIVED),
                missing(type).as(taken));
        Column first = at(history, functions.lit(1)).getField(KNOWN);
        Column isMissing = functions.size(history).equalTo(0).or(first.gt(from));
        return functions
                .when(isMissing, functions.concat(functions.array(missing), history))
                .otherwise(history);
    }

    private Column missing(DataType type) {
        String value = String.valueOf(source.missingAs().orElseThrow());
        try {
            if (type instanceof StringType) return functions.lit(value);
            if (type instanceof BooleanType) {
                List<String> known = List.of("false", "0", "true", "1");
                int index = known.indexOf(value);
                if (index >= 0) return functions.lit(index > 1);
            } else if (type instanceof NumericType) {
                BigDecimal number = new BigDecimal(value);
                boolean isWhole = number.stripTrailingZeros().scale() <= 0;
                if (isWhole || !(type instanceof IntegralType))
                    return functions.lit(number).cast(type);
            }
        } catch (NumberFormatException unreadable) {
            // told below, as the others
        }
        throw new MillraceException(
                ErrorKind.CONFIG,
                "`labels.missing-as` (" + value + ") is not a valid value of `"
                        + source.taken().get(0) + "`, which is " + type.sql() + ". Use a value of this type.");
    }

    private static Column later(Column at, Duration by) {
        return functions.timestamp_micros(
                functions.unix_micros(at).plus(functions.lit(Math.multiplyExact(by.toMillis(), 1_000))));
    }

    private static Column micros(Column moment) {
        return functions.coalesce(functions.unix_micros(moment), functions.lit(Long.MAX_VALUE));
    }
}
