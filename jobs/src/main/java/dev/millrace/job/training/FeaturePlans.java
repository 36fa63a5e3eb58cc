package dev.millrace.job.training;

import dev.millrace.engine.onnx.FeaturePlan;
import dev.millrace.engine.onnx.OnnxModel;
import dev.millrace.platform.error.ErrorKind;
import dev.millrace.platform.error.MillraceException;
import dev.millrace.platform.table.Columns;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.functions;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StringType;
import org.apache.spark.sql.types.StructType;

/**
 * Learns the {@link FeaturePlan} from the training rows: one aggregation over all numbers, one over all categories. A
 * missing number is filled with the median of the sample rows (exact up to the sample's size; a quantile sketch would
 * depend on the order of merging), of a column that is missing in the whole sample with its mean.
 */
record FeaturePlans(FeatureColumns columns, FeaturePlan.Encoding encoding, int maxCategories, String owner) {

    /**
     * @param train training rows
     * @param sample some of them
     * @throws MillraceException SCHEMA_MISMATCH for columns without a value, or infinite ones
     */
    FeaturePlan learn(Dataset<Row> train, List<Row> sample) {
        List<FeaturePlan.Numeric> numbers = numbers(train, sample);
        return new FeaturePlan(numbers, categories(train), encoding);
    }

    private List<FeaturePlan.Numeric> numbers(Dataset<Row> train, List<Row> sample) {
        if (columns.numeric().isEmpty()) return List.of();
        List<Column> aggregates = new ArrayList<>();
        for (String name : columns.numeric()) {
            Column number = functions.nanvl(
                    Columns.named(name).cast(DataTypes.DoubleType),
                    functions.lit(null).cast(DataTypes.DoubleType));
            Column infinite = functions.abs(number).equalTo(Double.POSITIVE_INFINITY);
            aggregates.add(functions.count(number));
            aggregates.add(functions.count_if(infinite));
            aggregates.add(functions.avg(functions.when(infinite, null).otherwise(number)));
        }
        Row totals = train.agg(
                        aggregates.get(0),
                        aggregates.subList(1, aggregates.size()).toArray(Column[]::new))
                .head();
        List<String> problems = new ArrayList<>();
        List<FeaturePlan.Numeric> numbers = new ArrayList<>();
        for (int i = 0; i < columns.numeric().size(); i++) {
            String name = columns.numeric().get(i);
            if (totals.getLong(3 * i) == 0) problems.add("`" + name + "` has no value at all");
            else if (totals.getLong(3 * i + 1) > 0) {
                problems.add("`" + name + "` is infinite in " + totals.getLong(3 * i + 1)
                        + " rows, which MLlib cannot take");
            } else {
                double mean = totals.isNullAt(3 * i + 2) ? 0 : totals.getDouble(3 * i + 2);
                numbers.add(new FeaturePlan.Numeric(name, median(sample, name, mean)));
            }
        }
        refuse(problems);
        return numbers;
    }

    private static double median(List<Row> sample, String name, double otherwise) {
        if (sample.isEmpty()) return otherwise;
        int field = sample.get(0).fieldIndex(name);
        double[] values = sample.stream()
                .mapToDouble(row -> number(row.get(field)))
                .filter(Double::isFinite)
                .sorted()
                .toArray();
        if (values.length == 0) return otherwise;
        int middle = values.length / 2;
        return values.length % 2 == 1 ? values[middle] : values[middle - 1] / 2 + values[middle] / 2;
    }

    /** A number or boolean of a row as the model sees it; NaN when missing. */
    static double number(Object value) {
        if (value == null) return Double.NaN;
        if (value instanceof Boolean flag) return flag ? 1 : 0;
        return ((Number) value).doubleValue();
    }

    /** Each row gives a pair (column, value) per categorical column; the pairs are counted in one aggregation. */
    private List<FeaturePlan.Categorical> categories(Dataset<Row> train) {
        if (columns.categorical().isEmpty()) return List.of();
        StructType schema = train.schema();
        Column[] pairs = new Column[columns.categorical().size()];
        for (int i = 0; i < pairs.length; i++) {
            pairs[i] = functions.struct(
                    functions.lit(i).as("column"),
                    Columns.named(columns.categorical().get(i))
                            .cast(DataTypes.StringType)
                            .as("value"));
        }
        Map<Integer, List<String>> byColumn = new LinkedHashMap<>();
        Dataset<Row> counts = train.select(
                        functions.explode(functions.array(pairs)).as("pair"))
                .where(functions.col("pair.value").isNotNull())
                .groupBy(
                        functions.col("pair.column").as("column"),
                        functions.col("pair.value").as("value"))
                .count();
        Column rank = functions
                .row_number()
                .over(org.apache.spark.sql.expressions.Window.partitionBy("column")
                        .orderBy(functions.col("count").desc(), functions.col("value")));
        List<Row> kept = counts.select(functions.col("*"), rank.as("rank"))
                .where(functions.col("rank").leq(maxCategories))
                .orderBy("column", "rank")
                .collectAsList();
        for (Row row : kept) {
            byColumn.computeIfAbsent(row.getInt(0), unseen -> new ArrayList<>()).add(row.getString(1));
        }
        List<String> problems = new ArrayList<>();
        List<FeaturePlan.Categorical> categories = new ArrayList<>();
        for (int i = 0; i < pairs.length; i++) {
            String name = columns.categorical().get(i);
            List<String> values = new ArrayList<>(byColumn.getOrDefault(i, List.of()));
            values.remove(OnnxModel.NULL_TEXT);
            boolean text = schema.apply(name).dataType() instanceof StringType;
            if (values.isEmpty()) problems.add("`" + name + "` has no value at all");
            else {
                categories.add(new FeaturePlan.Categorical(
                        name, text ? FeaturePlan.Kind.TEXT : FeaturePlan.Kind.INTEGER, values));
            }
        }
        refuse(problems);
        return categories;
    }

    private void refuse(List<String> problems) {
        if (problems.isEmpty()) return;
        throw new MillraceException(
                ErrorKind.SCHEMA_MISMATCH,
                "In the training rows of " + owner + ": " + String.join("; ", problems)
                        + ". Leave the columns out (`features: {auto: true, exclude: […]}`) or mend them.");
    }

    /** Standard deviations of the elements of the vector, from the sample. */
    static double[] deviations(FeaturePlan plan, List<Row> sample) {
        List<double[]> vectors = new ArrayList<>();
        for (Row row : sample) vectors.add(vector(plan, row));
        int width = plan.elements().size();
        double[] deviations = new double[width];
        for (int i = 0; i < width; i++) {
            int at = i;
            double mean =
                    vectors.stream().mapToDouble(vector -> vector[at]).average().orElse(0);
            double squares = vectors.stream()
                    .mapToDouble(vector -> (vector[at] - mean) * (vector[at] - mean))
                    .sum();
            deviations[i] = Math.sqrt(squares / Math.max(1, vectors.size() - 1));
        }
        return deviations;
    }

    private static double[] vector(FeaturePlan plan, Row row) {
        double[] vector = new double[plan.elements().size()];
        int at = 0;
        for (FeaturePlan.Numeric feature : plan.numbers()) {
            double value = number(row.get(row.fieldIndex(feature.column())));
            vector[at++] = Double.isNaN(value) ? feature.fill() : value;
        }
        for (FeaturePlan.Categorical feature : plan.categories()) {
            int index = feature.values().indexOf(String.valueOf(row.get(row.fieldIndex(feature.column()))));
            if (plan.encoding() == FeaturePlan.Encoding.INDEX) {
                vector[at++] = index < 0 ? feature.values().size() : index;
            } else {
                if (index >= 0) vector[at + index] = 1;
                at += feature.values().size();
            }
        }
        return vector;
    }

    /** Categories of the widest column, the unknown one counted; 0 without categories. */
    static int mostCategories(FeaturePlan plan) {
        return plan.categories().stream()
                .mapToInt(category -> category.values().size() + 1)
                .max()
                .orElse(0);
    }

    /** As {@code feature_spec.yaml} holds it. */
    static Map<String, Object> asYaml(FeaturePlan plan, StructType schema, String label) {
        Map<String, Object> spec = new LinkedHashMap<>();
        spec.put("label", label);
        spec.put("encoding", plan.encoding() == FeaturePlan.Encoding.INDEX ? "index" : "one-hot");
        List<Object> features = new ArrayList<>();
        for (FeaturePlan.Numeric feature : plan.numbers()) {
            Map<String, Object> entry = new LinkedHashMap<>();
            entry.put("column", feature.column());
            entry.put("kind", "numeric");
            entry.put("type", schema.apply(feature.column()).dataType().sql());
            entry.put("missing", feature.fill());
            features.add(entry);
        }
        for (FeaturePlan.Categorical feature : plan.categories()) {
            Map<String, Object> entry = new LinkedHashMap<>();
            entry.put("column", feature.column());
            entry.put("kind", "categorical");
            entry.put("type", schema.apply(feature.column()).dataType().sql());
            entry.put("missing", "its own category, with what is not listed");
            entry.put("values", feature.values());
            features.add(entry);
        }
        spec.put("features", features);
        return spec;
    }

    /** For messages. */
    static String printed(FeaturePlan plan) {
        return plan.numbers().size() + " numeric and " + plan.categories().size() + " categorical features";
    }
}
