package dev.millrace.engine.training;

import dev.millrace.engine.learn.Algorithm;
import dev.millrace.engine.learn.Task;
import dev.millrace.engine.learn.TrainingCounts;
import dev.millrace.engine.onnx.Target;
import dev.millrace.engine.split.Splits;
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
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.functions;
import org.apache.spark.sql.types.BooleanType;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.DecimalType;
import org.apache.spark.sql.types.DoubleType;
import org.apache.spark.sql.types.FloatType;
import org.apache.spark.sql.types.NumericType;

/**
 * What the label holds, as counted before anything is fitted.
 *
 * @param target its classes in the order of the model's indices, or an amount
 * @param trainRows rows with a label, to learn from
 * @param testRows rows with a label, to measure on
 * @param withoutLabel rows whose label is NULL, left out
 * @param trainCounts rows per class, in the order of the classes; empty in regression
 * @param late training rows without a label at the cut that have one now; they are among {@code withoutLabel}
 */
public record Labels(
        Target target, long trainRows, long testRows, long withoutLabel, List<Long> trainCounts, long late) {
    /** More than this is hardly a classification; asked again, the user knows what to do. */
    private static final int MAX_CLASSES = 100;

    /** A finite number, in regression. */
    private static final String NUMBER = "number";

    private static final String NOT_FINITE = "not finite";

    /** What is counted of the label: in classification its text, in regression whether it is a number. */
    static Column counted(TrainingDeclaration config, DataType type) {
        Column label = Columns.named(config.label());
        if (config.task() == Task.CLASSIFICATION) return label.cast(DataTypes.StringType);
        if (!(type instanceof NumericType)) return label.cast(DataTypes.StringType); // refused by `of`
        Column number = label.cast(DataTypes.DoubleType);
        Column odd = functions.isnan(number).or(functions.abs(number).equalTo(Double.POSITIVE_INFINITY));
        return functions.when(label.isNull(), null).when(odd, NOT_FINITE).otherwise(NUMBER);
    }

    /**
     * @param counts of {@link #counted}
     * @param owner the table, for messages
     * @throws MillraceException SCHEMA_MISMATCH saying what is wrong with the label and what would help
     */
    public static Labels of(TrainingCounts counts, TrainingDeclaration config, DataType type, String owner) {
        long undecided = counts.marked(Splits.UNDECIDED);
        if (undecided > 0) {
            throw new MillraceException(
                    ErrorKind.SCHEMA_MISMATCH,
                    "`split.test` is NULL in " + undecided + " rows of " + owner
                            + ", which are neither training nor test rows. Include them, for example with"
                            + " coalesce(…, false), or leave them out with `table: {table: …, where: …}`.");
        }
        return config.task() == Task.CLASSIFICATION
                ? classes(counts, config, owner, type)
                : amount(counts, config, owner, type);
    }

    private static Labels amount(TrainingCounts counts, TrainingDeclaration config, String owner, DataType type) {
        if (!(type instanceof NumericType)) {
            throw refused(
                    owner,
                    config,
                    "is " + type.sql() + "; regression requires a number. For classes, set `task: classification`");
        }
        long odd = of(counts, Splits.TRAIN, Optional.of(NOT_FINITE)) + of(counts, Splits.TEST, Optional.of(NOT_FINITE));
        if (odd > 0) throw notNumbers(owner, config, odd);
        Labels labels = new Labels(
                new Target.Amount(),
                of(counts, Splits.TRAIN, Optional.of(NUMBER)),
                of(counts, Splits.TEST, Optional.of(NUMBER)),
                withoutLabel(counts),
                List.of(),
                counts.late());
        labels.requireRows(owner, config);
        return labels;
    }

    private static long of(TrainingCounts counts, String mark, Optional<String> value) {
        return counts.labels().getOrDefault(new TrainingCounts.Labelled(mark, value), 0L);
    }

    private static long withoutLabel(TrainingCounts counts) {
        return of(counts, Splits.TRAIN, Optional.empty()) + of(counts, Splits.TEST, Optional.empty());
    }

    private static Labels classes(TrainingCounts counts, TrainingDeclaration config, String owner, DataType type) {
        Map<String, Long> train = byText(counts, Splits.TRAIN);
        Map<String, Long> test = byText(counts, Splits.TEST);
        boolean fractions = type instanceof DoubleType || type instanceof FloatType;
        if (fractions) {
            long odd = odd(train) + odd(test);
            if (odd > 0) throw notNumbers(owner, config, odd);
        }
        Target.Kind kind = kind(type, owner, config);
        if (train.isEmpty())
            throw tooFew(0, test.values().stream().mapToLong(Long::longValue).sum(), owner, config);
        List<String> values = ordered(train, kind, config, owner);
        List<Long> rows =
                values.stream().map(value -> train.getOrDefault(value, 0L)).toList();
        long tests =
                values.stream().mapToLong(value -> test.getOrDefault(value, 0L)).sum();
        Labels labels = new Labels(
                new Target.Classes(kind, values),
                rows.stream().mapToLong(Long::longValue).sum(),
                tests,
                withoutLabel(counts),
                rows,
                counts.late());
        labels.requireRows(owner, config);
        return labels;
    }

    private static Map<String, Long> byText(TrainingCounts counts, String mark) {
        Map<String, Long> texts = new TreeMap<>();
        counts.labels().forEach((labelled, rows) -> {
            if (labelled.mark().equals(mark)) labelled.value().ifPresent(text -> texts.put(text, rows));
        });
        return texts;
    }

    private static long odd(Map<String, Long> counts) {
        return counts.entrySet().stream()
                .filter(entry -> !Double.isFinite(Double.parseDouble(entry.getKey())))
                .mapToLong(Map.Entry::getValue)
                .sum();
    }

    private static Target.Kind kind(DataType type, String owner, TrainingDeclaration config) {
        if (type instanceof BooleanType) return Target.Kind.BOOLEAN;
        if (type.equals(DataTypes.StringType)) return Target.Kind.TEXT;
        if (type instanceof DoubleType || type instanceof FloatType) return Target.Kind.NUMBER;
        if (type instanceof NumericType && !(type instanceof DecimalType decimal && decimal.scale() > 0)) {
            return Target.Kind.INTEGER;
        }
        throw refused(
                owner, config, "is " + type.sql() + ", which cannot be used as a class; cast it to STRING or INT");
    }

    private static List<String> ordered(
            Map<String, Long> train, Target.Kind kind, TrainingDeclaration config, String owner) {
        if (train.size() == 1) {
            throw refused(
                    owner,
                    config,
                    "is `" + train.keySet().iterator().next()
                            + "` in all training rows; a classifier requires at least two classes. Check `split` and `where`");
        }
        if (train.size() > MAX_CLASSES) {
            throw refused(
                    owner, config, "has more than " + MAX_CLASSES + " values. For a number, set `task: regression`");
        }
        int most = config.algorithm().learner().maxClasses();
        if (train.size() > most) {
            throw refused(
                    owner,
                    config,
                    "has " + train.size() + " classes (" + String.join(", ", train.keySet()) + "), and `"
                            + config.algorithm().text() + "` supports " + most + ". Use " + learning(train.size()));
        }
        List<String> values = new ArrayList<>(train.keySet());
        if (kind == Target.Kind.INTEGER || kind == Target.Kind.NUMBER) {
            values.sort(Comparator.comparingDouble(Double::parseDouble));
        }
        if (values.size() != 2) return values;
        String positive = positive(values, kind, config, owner);
        return List.of(values.get(values.get(0).equals(positive) ? 1 : 0), positive);
    }

    private static String learning(int classes) {
        return Stream.of(Algorithm.values())
                .filter(other -> other.learner().tasks().contains(Task.CLASSIFICATION))
                .filter(other -> other.learner().maxClasses() >= classes)
                .map(other -> "`" + other.text() + "`")
                .collect(Collectors.joining(" or "));
    }

    private static String positive(List<String> values, Target.Kind kind, TrainingDeclaration config, String owner) {
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
                "is " + String.join(" or ", values)
                        + "; set the class whose probability is predicted: `positive-class: \"" + values.get(1)
                        + "\"`");
    }

    private static boolean sameNumber(String value, String given) {
        try {
            return Double.parseDouble(value) == Double.parseDouble(given);
        } catch (NumberFormatException text) {
            return false;
        }
    }

    private void requireRows(String owner, TrainingDeclaration config) {
        if (trainRows > 0 && testRows > 0) return;
        throw tooFew(trainRows, testRows, owner, config);
    }

    private static MillraceException tooFew(long trainRows, long testRows, String owner, TrainingDeclaration config) {
        return refused(
                owner,
                config,
                "is known in " + trainRows + " training rows and " + testRows
                        + " test rows; both must have at least one. Check `split`, `where` and the table");
    }

    private static MillraceException notNumbers(String owner, TrainingDeclaration config, long rows) {
        return refused(
                owner,
                config,
                "is NaN or infinite in " + rows
                        + " rows. Fix them, or leave them out: `table: {table: …, where: \"NOT isnan(" + config.label()
                        + ")\"}`");
    }

    private static MillraceException refused(String owner, TrainingDeclaration config, String reason) {
        return new MillraceException(
                ErrorKind.SCHEMA_MISMATCH, "The label `" + config.label() + "` of " + owner + " " + reason + ".");
    }

    /** n / (classes × rows of the class), as scikit-learn's {@code class_weight="balanced"}. */
    public List<Double> balancedWeights() {
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
