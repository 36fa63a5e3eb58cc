package dev.millrace.engine.learn;

import dev.millrace.platform.table.Columns;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.expressions.Window;
import org.apache.spark.sql.functions;
import org.apache.spark.sql.types.BooleanType;
import org.apache.spark.sql.types.DataTypes;

/**
 * What is counted before anything is fitted, in one pass: labels per mark, the most frequent categories of the training
 * rows, infinite numbers, and training rows whose label came too late.
 *
 * <p>Each row gives a (column, mark, value) for its label, for each category and for what is wrong with it; these are
 * counted in one aggregation, of which at most {@code maxCategories} a column reach the driver.
 *
 * @param labels rows per mark and text of the label, the 1,000 most frequent
 * @param late training rows whose label was not known yet
 * @param infinite training rows per column that is infinite, of each row the first such column
 * @param missingFlags boolean features that are NULL in a row, training or test
 * @param categories of each categorical column, the most frequent first
 */
public record TrainingCounts(
        Map<Labelled, Long> labels,
        long late,
        Map<String, Long> infinite,
        Set<String> missingFlags,
        List<List<String>> categories) {
    private static final int LABEL = -1;
    private static final int LATE = -2;
    private static final int INFINITE = -3;
    private static final int MISSING_FLAG = -4;
    /** Values of a label that are looked at: more than a classifier may have. */
    private static final int LABELS = 1000;

    /** @param value text of the label; empty: none */
    public record Labelled(String mark, Optional<String> value) {}

    /**
     * What to count.
     *
     * @param mark column that holds {@code train}, or something else
     * @param train value of {@code mark} for training rows
     * @param label what is counted as the label, STRING
     * @param late whether the label of a training row was not known yet
     */
    public record Wanted(
            String mark,
            String train,
            Column label,
            Column late,
            List<String> numeric,
            List<String> categorical,
            int maxCategories) {}

    public static TrainingCounts of(Dataset<Row> rows, Wanted wanted) {
        Column mark = functions.col(wanted.mark());
        Column train = mark.equalTo(wanted.train()).and(wanted.label().isNotNull());
        List<Column> facts = new ArrayList<>();
        facts.add(fact(LABEL, mark, wanted.label()));
        facts.add(functions.when(mark.equalTo(wanted.train()).and(wanted.late()), fact(LATE, mark, text(null))));
        if (!wanted.numeric().isEmpty()) {
            Column infinite = firstInfinite(wanted.numeric());
            facts.add(functions.when(train.and(infinite.isNotNull()), fact(INFINITE, mark, infinite)));
        }
        for (String name : wanted.numeric()) {
            if (!(rows.schema().apply(name).dataType() instanceof BooleanType)) continue;
            facts.add(functions.when(Columns.named(name).isNull(), fact(MISSING_FLAG, mark, text(name))));
        }
        for (int i = 0; i < wanted.categorical().size(); i++) {
            Column value = Columns.named(wanted.categorical().get(i)).cast(DataTypes.StringType);
            facts.add(functions.when(train.and(value.isNotNull()), fact(i, mark, value)));
        }
        Column each = functions.explode(functions.array_compact(functions.array(facts.toArray(Column[]::new))));
        Dataset<Row> counts = rows.select(each.as("fact"))
                .groupBy(functions.col("fact.column"), functions.col("fact.mark"), functions.col("fact.value"))
                .count();
        Column rank = functions
                .row_number()
                .over(Window.partitionBy("column")
                        .orderBy(functions.col("count").desc(), functions.col("value")));
        Column limit = functions
                .when(
                        functions.col("column").lt(0),
                        Math.max(LABELS, 3 * wanted.numeric().size()))
                .otherwise(wanted.maxCategories());
        return read(
                counts.select(functions.col("*"), rank.as("rank"))
                        .where(functions.col("rank").leq(limit))
                        .orderBy("column", "rank")
                        .collectAsList(),
                wanted.categorical().size());
    }

    private static Column fact(int column, Column mark, Column value) {
        return functions.struct(functions.lit(column).as("column"), mark.as("mark"), value.as("value"));
    }

    private static Column text(String value) {
        return functions.lit(value).cast(DataTypes.StringType);
    }

    private static Column firstInfinite(List<String> numeric) {
        List<Column> names = new ArrayList<>();
        for (String name : numeric) {
            Column number = Columns.named(name).cast(DataTypes.DoubleType);
            names.add(functions.when(functions.abs(number).equalTo(Double.POSITIVE_INFINITY), name));
        }
        return functions.coalesce(names.toArray(Column[]::new));
    }

    private static TrainingCounts read(List<Row> counted, int categorical) {
        Map<Labelled, Long> labels = new LinkedHashMap<>();
        long late = 0;
        Map<String, Long> infinite = new TreeMap<>();
        Set<String> missingFlags = new TreeSet<>();
        List<List<String>> categories = new ArrayList<>();
        for (int i = 0; i < categorical; i++) categories.add(new ArrayList<>());
        for (Row row : counted) {
            Optional<String> value = row.isNullAt(2) ? Optional.empty() : Optional.of(row.getString(2));
            long count = row.getLong(3);
            switch (row.getInt(0)) {
                case LABEL -> labels.put(new Labelled(row.getString(1), value), count);
                case LATE -> late += count;
                case INFINITE -> infinite.put(value.orElseThrow(), count);
                case MISSING_FLAG -> missingFlags.add(value.orElseThrow());
                default -> categories.get(row.getInt(0)).add(value.orElseThrow());
            }
        }
        return new TrainingCounts(labels, late, infinite, missingFlags, categories);
    }

    /** Rows with a label under this mark. */
    public long labelled(String mark) {
        return labels.entrySet().stream()
                .filter(entry -> entry.getKey().mark().equals(mark))
                .filter(entry -> entry.getKey().value().isPresent())
                .mapToLong(Map.Entry::getValue)
                .sum();
    }

    /** Rows under this mark, with and without a label. */
    public long marked(String mark) {
        return labels.entrySet().stream()
                .filter(entry -> entry.getKey().mark().equals(mark))
                .mapToLong(Map.Entry::getValue)
                .sum();
    }
}
