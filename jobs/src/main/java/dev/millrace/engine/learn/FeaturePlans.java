package dev.millrace.engine.learn;

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
import org.apache.spark.sql.types.BooleanType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StringType;
import org.apache.spark.sql.types.StructType;

/**
 * Learns the {@link FeaturePlan} from the training rows. A missing number is filled with the median of the sample (exact
 * up to the sample's size; a quantile sketch would depend on the order of merging), of a column that is missing in the
 * whole sample with its mean, which costs a pass.
 *
 * @param owner what the rows are of, for messages
 */
public record FeaturePlans(
        List<String> numeric, List<String> categorical, FeaturePlan.Encoding encoding, String owner) {
    /**
     * @param train training rows
     * @param counts of the training rows
     * @param sample some of them
     * @throws MillraceException SCHEMA_MISMATCH for columns without a value, infinite ones, and whole numbers too large
     *     to be categories
     */
    public FeaturePlan learn(Dataset<Row> train, TrainingCounts counts, List<Row> sample) {
        List<String> problems = new ArrayList<>();
        counts.infinite()
                .forEach((name, rows) ->
                        problems.add("`" + name + "` is infinite in " + rows + " rows, which MLlib does not support"));
        List<FeaturePlan.Numeric> numbers = numbers(train, counts, sample, problems);
        List<FeaturePlan.Categorical> categories = categories(train.schema(), counts, problems);
        refuse(problems);
        return new FeaturePlan(numbers, categories, encoding);
    }

    private List<FeaturePlan.Numeric> numbers(
            Dataset<Row> train, TrainingCounts counts, List<Row> sample, List<String> problems) {
        Map<String, Double> fills = new LinkedHashMap<>();
        for (String name : numeric) fills.put(name, median(sample, name));
        List<String> unseen =
                numeric.stream().filter(name -> fills.get(name).isNaN()).toList();
        if (!unseen.isEmpty()) fills.putAll(means(train, unseen));
        List<FeaturePlan.Numeric> numbers = new ArrayList<>();
        for (String name : numeric) {
            if (fills.get(name).isNaN()) problems.add("`" + name + "` has no values");
            else numbers.add(new FeaturePlan.Numeric(name, fills.get(name), isFlag(train.schema(), counts, name)));
        }
        return numbers;
    }

    /** A boolean that is never NULL is a boolean to the model's clients too; one that may be missing is a number. */
    private static boolean isFlag(StructType schema, TrainingCounts counts, String name) {
        return schema.apply(name).dataType() instanceof BooleanType
                && !counts.missingFlags().contains(name);
    }

    private static Map<String, Double> means(Dataset<Row> train, List<String> names) {
        List<Column> means = new ArrayList<>();
        for (String name : names) {
            means.add(functions.avg(functions.nanvl(
                    Columns.named(name).cast(DataTypes.DoubleType),
                    functions.lit(null).cast(DataTypes.DoubleType))));
        }
        Row row = train.agg(means.get(0), means.subList(1, means.size()).toArray(Column[]::new))
                .head();
        Map<String, Double> byName = new LinkedHashMap<>();
        for (int i = 0; i < names.size(); i++)
            byName.put(names.get(i), row.isNullAt(i) ? Double.NaN : row.getDouble(i));
        return byName;
    }

    private List<FeaturePlan.Categorical> categories(StructType schema, TrainingCounts counts, List<String> problems) {
        List<FeaturePlan.Categorical> categories = new ArrayList<>();
        for (int i = 0; i < categorical.size(); i++) {
            String name = categorical.get(i);
            List<String> values = new ArrayList<>(counts.categories().get(i));
            values.remove(OnnxModel.NULL_TEXT);
            boolean text = schema.apply(name).dataType() instanceof StringType;
            if (values.isEmpty()) problems.add("`" + name + "` has no values");
            else if (!text && values.stream().anyMatch(FeaturePlans::isInexact)) {
                problems.add(
                        "`" + name + "` has integers beyond 2^53, which the numeric input of a model cannot distinguish"
                                + " as categories; cast the column to STRING");
            } else {
                categories.add(new FeaturePlan.Categorical(
                        name, text ? FeaturePlan.Kind.TEXT : FeaturePlan.Kind.INTEGER, values));
            }
        }
        return categories;
    }

    private static boolean isInexact(String whole) {
        long value = Long.parseLong(whole);
        return value >= FeaturePlan.EXACT || value <= -FeaturePlan.EXACT;
    }

    /** NaN without a value. */
    private static double median(List<Row> sample, String name) {
        if (sample.isEmpty()) return Double.NaN;
        int field = sample.get(0).fieldIndex(name);
        double[] values = sample.stream()
                .mapToDouble(row -> number(row.get(field)))
                .filter(Double::isFinite)
                .sorted()
                .toArray();
        if (values.length == 0) return Double.NaN;
        int middle = values.length / 2;
        return values.length % 2 == 1 ? values[middle] : values[middle - 1] / 2 + values[middle] / 2;
    }

    /** A number or boolean of a row as the model sees it; NaN when missing. */
    public static double number(Object value) {
        if (value == null) return Double.NaN;
        if (value instanceof Boolean flag) return flag ? 1 : 0;
        return ((Number) value).doubleValue();
    }

    private void refuse(List<String> problems) {
        if (problems.isEmpty()) return;
        throw new MillraceException(
                ErrorKind.SCHEMA_MISMATCH,
                "In the training rows of " + owner + ": " + String.join("; ", problems)
                        + ". Exclude the columns (`features: {auto: true, exclude: […]}`) or fix them.");
    }

    /** Standard deviations of the elements of the vector, from the sample. */
    public static double[] deviations(FeaturePlan plan, List<Row> sample) {
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
    public static int mostCategories(FeaturePlan plan) {
        return plan.categories().stream()
                .mapToInt(category -> category.values().size() + 1)
                .max()
                .orElse(0);
    }

    /** As {@code feature_spec.yaml} holds it. */
    public static Map<String, Object> asYaml(FeaturePlan plan, StructType schema, String label) {
        Map<String, Object> spec = new LinkedHashMap<>();
        spec.put("label", label);
        spec.put("encoding", plan.encoding() == FeaturePlan.Encoding.INDEX ? "index" : "one-hot");
        List<Object> features = new ArrayList<>();
        for (FeaturePlan.Numeric feature : plan.numbers()) {
            Map<String, Object> entry = new LinkedHashMap<>();
            entry.put("column", feature.column());
            entry.put("kind", "numeric");
            entry.put("type", schema.apply(feature.column()).dataType().sql());
            entry.put("missing", feature.flag() ? "refused" : feature.fill());
            features.add(entry);
        }
        for (FeaturePlan.Categorical feature : plan.categories()) {
            Map<String, Object> entry = new LinkedHashMap<>();
            entry.put("column", feature.column());
            entry.put("kind", "categorical");
            entry.put("type", schema.apply(feature.column()).dataType().sql());
            entry.put("missing", "a separate category, with all values that are not listed");
            entry.put("values", feature.values());
            features.add(entry);
        }
        spec.put("features", features);
        return spec;
    }

    /** For messages. */
    public static String printed(FeaturePlan plan) {
        return plan.numbers().size() + " numeric and " + plan.categories().size() + " categorical features";
    }
}
