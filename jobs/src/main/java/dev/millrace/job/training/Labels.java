package dev.millrace.job.training;

import dev.millrace.engine.onnx.Target;
import dev.millrace.platform.error.ErrorKind;
import dev.millrace.platform.error.MillraceException;
import dev.millrace.platform.error.Nearest;
import dev.millrace.platform.table.Columns;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.functions;
import org.apache.spark.sql.types.BooleanType;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.DecimalType;
import org.apache.spark.sql.types.DoubleType;
import org.apache.spark.sql.types.FloatType;
import org.apache.spark.sql.types.NumericType;

/**
 * What the label holds: one pass over the marked rows, before anything is fitted.
 *
 * @param target its classes in the order of the model's indices, or an amount
 * @param trainRows rows with a label, to learn from
 * @param testRows rows with a label, to measure on
 * @param withoutLabel rows whose label is NULL, left out
 * @param trainCounts rows per class, in the order of the classes; empty in regression
 */
record Labels(Target target, long trainRows, long testRows, long withoutLabel, List<Long> trainCounts) {
    /** More than this is hardly a classification; asked again, the user knows what to do. */
    private static final int MAX_CLASSES = 100;

    /** @throws MillraceException SCHEMA_MISMATCH saying what is wrong with the label and what would help */
    static Labels read(Dataset<Row> marked, TrainConfig config, String owner) {
        DataType type = marked.schema().apply(config.label()).dataType();
        return config.task() == Task.CLASSIFICATION
                ? classes(marked, config, owner, type)
                : amount(marked, config, owner, type);
    }

    private static Labels amount(Dataset<Row> marked, TrainConfig config, String owner, DataType type) {
        if (!(type instanceof NumericType)) {
            throw refused(
                    owner,
                    config,
                    "is " + type.sql() + "; regression needs a number. For classes say" + " `task: classification`");
        }
        Column label = Columns.named(config.label()).cast(DataTypes.DoubleType);
        Column finite = label.isNotNull().and(notFinite(label).unary_$bang());
        Row counts = marked.agg(
                        functions.count_if(finite.and(isTrain())),
                        functions.count_if(finite.and(functions.not(isTrain()))),
                        functions.count_if(label.isNull()),
                        functions.count_if(label.isNotNull().and(notFinite(label))))
                .head();
        if (counts.getLong(3) > 0) throw notNumbers(owner, config, counts.getLong(3));
        Labels labels =
                new Labels(new Target.Amount(), counts.getLong(0), counts.getLong(1), counts.getLong(2), List.of());
        labels.requireRows(owner, config);
        return labels;
    }

    private static Column notFinite(Column label) {
        return functions.isnan(label).or(functions.abs(label).equalTo(Double.POSITIVE_INFINITY));
    }

    private static Column isTrain() {
        return functions.col(Splits.MARK).equalTo(Splits.TRAIN);
    }

    private static Labels classes(Dataset<Row> marked, TrainConfig config, String owner, DataType type) {
        Column text = Columns.named(config.label()).cast(DataTypes.StringType);
        List<Row> counted = marked.groupBy(functions.col(Splits.MARK), text)
                .count()
                .limit(4 * MAX_CLASSES)
                .collectAsList();
        Map<String, Long> train = new TreeMap<>();
        Map<String, Long> test = new TreeMap<>();
        long withoutLabel = 0;
        for (Row row : counted) {
            if (row.isNullAt(1)) withoutLabel += row.getLong(2);
            else (row.getString(0).equals(Splits.TRAIN) ? train : test).put(row.getString(1), row.getLong(2));
        }
        boolean fractions = type instanceof DoubleType || type instanceof FloatType;
        if (fractions) {
            long odd = odd(train) + odd(test);
            if (odd > 0) throw notNumbers(owner, config, odd);
        }
        Target.Kind kind = kind(type, owner, config);
        if (train.isEmpty())
            throw tooFew(0, test.values().stream().mapToLong(Long::longValue).sum(), owner, config);
        List<String> values = ordered(train, kind, config, owner);
        List<Long> counts =
                values.stream().map(value -> train.getOrDefault(value, 0L)).toList();
        long tests =
                values.stream().mapToLong(value -> test.getOrDefault(value, 0L)).sum();
        Labels labels = new Labels(
                new Target.Classes(kind, values),
                counts.stream().mapToLong(Long::longValue).sum(),
                tests,
                withoutLabel,
                counts);
        labels.requireRows(owner, config);
        return labels;
    }

    private static long odd(Map<String, Long> counts) {
        return counts.entrySet().stream()
                .filter(entry -> !Double.isFinite(Double.parseDouble(entry.getKey())))
                .mapToLong(Map.Entry::getValue)
                .sum();
    }

    private static Target.Kind kind(DataType type, String owner, TrainConfig config) {
        if (type instanceof BooleanType) return Target.Kind.BOOLEAN;
        if (type.equals(DataTypes.StringType)) return Target.Kind.TEXT;
        if (type instanceof DoubleType || type instanceof FloatType) return Target.Kind.NUMBER;
        if (type instanceof NumericType && !(type instanceof DecimalType decimal && decimal.scale() > 0)) {
            return Target.Kind.INTEGER;
        }
        throw refused(owner, config, "is " + type.sql() + ", which cannot be a class; cast it to STRING or INT");
    }

    private static List<String> ordered(Map<String, Long> train, Target.Kind kind, TrainConfig config, String owner) {
        if (train.size() == 1) {
            throw refused(
                    owner,
                    config,
                    "is `" + train.keySet().iterator().next()
                            + "` in all training rows; a classifier needs two classes at least. Check `split` and `where`");
        }
        if (train.size() > MAX_CLASSES) {
            throw refused(
                    owner, config, "has more than " + MAX_CLASSES + " values. For a number say `task: regression`");
        }
        if (train.size() > 2 && config.algorithm() == Algorithm.GBT) {
            throw refused(
                    owner,
                    config,
                    "has " + train.size() + " classes (" + String.join(", ", train.keySet())
                            + "), and `gbt` knows two. Take `random-forest` or `logistic-regression`");
        }
        List<String> values = new ArrayList<>(train.keySet());
        if (kind == Target.Kind.INTEGER || kind == Target.Kind.NUMBER) {
            values.sort(Comparator.comparingDouble(Double::parseDouble));
        }
        if (values.size() != 2) return values;
        String positive = positive(values, kind, config, owner);
        return List.of(values.get(values.get(0).equals(positive) ? 1 : 0), positive);
    }

    private static String positive(List<String> values, Target.Kind kind, TrainConfig config, String owner) {
        Optional<String> given = config.positiveClass().map(String::valueOf);
        if (given.isPresent()) {
            for (String value : values) {
                boolean numbers = kind == Target.Kind.INTEGER || kind == Target.Kind.NUMBER;
                if (value.equals(given.get()) || (numbers && sameNumber(value, given.get()))) return value;
            }
            throw refused(
                    owner,
                    config,
                    "never is `" + given.get() + "`, the `positive-class`." + Nearest.hint(given.get(), values)
                            + " It is " + String.join(" or ", values));
        }
        if (values.equals(List.of("0", "1")) || values.equals(List.of("0.0", "1.0"))) return values.get(1);
        if (kind == Target.Kind.BOOLEAN) return "true";
        throw refused(
                owner,
                config,
                "is " + String.join(" or ", values) + "; say which of them `probability` is about: `positive-class: \""
                        + values.get(1) + "\"`");
    }

    private static boolean sameNumber(String value, String given) {
        try {
            return Double.parseDouble(value) == Double.parseDouble(given);
        } catch (NumberFormatException text) {
            return false;
        }
    }

    private void requireRows(String owner, TrainConfig config) {
        if (trainRows > 0 && testRows > 0) return;
        throw tooFew(trainRows, testRows, owner, config);
    }

    private static MillraceException tooFew(long trainRows, long testRows, String owner, TrainConfig config) {
        return refused(
                owner,
                config,
                "is known in " + trainRows + " training rows and " + testRows
                        + " test rows; both are needed. Check `split`, `where` and the table");
    }

    private static MillraceException notNumbers(String owner, TrainConfig config, long rows) {
        return refused(
                owner,
                config,
                "is NaN or infinite in " + rows
                        + " rows. Mend them, or leave them out: `table: {table: …, where: \"NOT isnan(" + config.label()
                        + ")\"}`");
    }

    private static MillraceException refused(String owner, TrainConfig config, String reason) {
        return new MillraceException(
                ErrorKind.SCHEMA_MISMATCH, "The label `" + config.label() + "` of " + owner + " " + reason + ".");
    }

    /** The label as the model learns it: the index of the class, or the amount; NULL for a class never trained. */
    Column index(String label) {
        if (!(target instanceof Target.Classes classes)) {
            return Columns.named(label).cast(DataTypes.DoubleType);
        }
        Column known =
                functions.array(classes.values().stream().map(functions::lit).toArray(Column[]::new));
        Column position = functions.array_position(known, Columns.named(label).cast(DataTypes.StringType));
        return functions.when(position.gt(0), position.minus(1)).cast(DataTypes.DoubleType);
    }

    /** n / (classes × rows of the class), as scikit-learn's {@code class_weight="balanced"}. */
    List<Double> balancedWeights() {
        return trainCounts.stream()
                .map(count -> (double) trainRows / (trainCounts.size() * (double) count))
                .toList();
    }

    /** Rows per class by its value, for reports. */
    Map<String, Long> counts() {
        Map<String, Long> counts = new LinkedHashMap<>();
        if (target instanceof Target.Classes classes) {
            for (int i = 0; i < trainCounts.size(); i++) {
                counts.put(classes.values().get(i), trainCounts.get(i));
            }
        }
        return counts;
    }
}
