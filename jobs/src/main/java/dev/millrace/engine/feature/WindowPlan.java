package dev.millrace.engine.feature;

import dev.millrace.engine.window.Aggregate;
import dev.millrace.engine.window.EventShape;
import dev.millrace.engine.window.WindowedAggregate;
import dev.millrace.platform.error.ErrorKind;
import dev.millrace.platform.error.MillraceException;
import dev.millrace.platform.spark.SparkErrors;
import dev.millrace.platform.table.Columns;
import java.io.Serializable;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import org.apache.spark.sql.AnalysisException;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.DateType;
import org.apache.spark.sql.types.TimestampNTZType;
import org.apache.spark.sql.types.TimestampType;

/**
 * Declared features resolved against a source: which values and moments each event must bring along, and which
 * aggregates are made of them. Equal values are brought once.
 *
 * @param columns the feature columns, in the order of the results
 * @param values what an event brings, in the order of {@link EventShape}: numbers, then others
 * @param moments SQL of BIGINT microseconds: when an event became known or was replaced; {@code Long.MAX_VALUE} for never
 */
public record WindowPlan(List<Feature> columns, List<Value> values, List<String> moments) implements Serializable {
    private static final long serialVersionUID = 1L;

    /**
     * One column.
     *
     * @param type of the column
     * @param whenEmpty NaN for NULL
     * @param description for people
     */
    public record Feature(String name, WindowedAggregate aggregate, DataType type, double whenEmpty, String description)
            implements Serializable {
        private static final long serialVersionUID = 1L;
    }

    /** What an event brings along, as SQL over a row of the source, with the type it has there. */
    public record Value(String sql, DataType type) implements Serializable {
        private static final long serialVersionUID = 1L;
    }

    /**
     * @param source the events, with every column the features may name
     * @param late which of them arrive later
     * @param owner the source in messages: "Table `raw.x` version 3"
     * @throws MillraceException SCHEMA_MISMATCH or CONFIG naming the feature
     */
    public static WindowPlan of(
            List<FeatureDeclaration> declared,
            WindowDefaults defaults,
            Dataset<Row> source,
            LateFacts late,
            String owner) {
        Resolution resolution = new Resolution(defaults, source, late, owner);
        declared.forEach(resolution::add);
        return resolution.plan();
    }

    /** Names of the feature columns. */
    public List<String> names() {
        return columns.stream().map(Feature::name).toList();
    }

    /** How far back an event can matter: the longest window with its delay. */
    public long lookbackMicros() {
        return columns.stream()
                .mapToLong(feature -> Math.addExact(
                        feature.aggregate().window().longestMicros(),
                        feature.aggregate().delay()))
                .max()
                .orElse(0);
    }

    EventShape shape() {
        int numbers = (int) values.stream()
                .filter(value -> ValueTypes.isNumber(value.type()))
                .count();
        return new EventShape(moments.size(), numbers, values.size() - numbers);
    }

    /** Whether a result depends on the order of events of one moment. */
    boolean ordersTies() {
        return columns.stream().anyMatch(feature -> feature.aggregate().aggregate() == Aggregate.LAST);
    }

    private static final class Resolution {
        /** A column whose value's index is not final: others come after all numbers. */
        private record Draft(Feature feature, boolean isExact) {}

        private final WindowDefaults defaults;
        private final Dataset<Row> source;
        private final LateFacts late;
        private final String owner;
        private final List<Draft> drafts = new ArrayList<>();
        private final List<Value> numbers = new ArrayList<>();
        private final List<Value> exacts = new ArrayList<>();
        private final List<String> moments = new ArrayList<>();

        Resolution(WindowDefaults defaults, Dataset<Row> source, LateFacts late, String owner) {
            this.defaults = defaults;
            this.source = source;
            this.late = late;
            this.owner = owner;
        }

        WindowPlan plan() {
            List<Value> values = new ArrayList<>(numbers);
            values.addAll(exacts);
            return new WindowPlan(
                    drafts.stream().map(this::finished).toList(), List.copyOf(values), List.copyOf(moments));
        }

        private Feature finished(Draft draft) {
            if (!draft.isExact()) return draft.feature();
            Feature feature = draft.feature();
            WindowedAggregate of = feature.aggregate();
            WindowedAggregate moved = new WindowedAggregate(
                    of.aggregate(),
                    numbers.size() + of.value(),
                    of.window(),
                    of.delay(),
                    of.boundary(),
                    of.created(),
                    of.replaced());
            return new Feature(feature.name(), moved, feature.type(), feature.whenEmpty(), feature.description());
        }

        void add(FeatureDeclaration feature) {
            feature.column().ifPresent(column -> Columns.require(source.schema(), List.of(column), owner));
            List<WindowLength> windows = feature.windows().isEmpty() ? defaults.windows() : feature.windows();
            if (windows.isEmpty()) {
                throw new MillraceException(
                        ErrorKind.CONFIG,
                        "Feature `" + feature.name()
                                + "` has no window. Set `windows` for the feature or for all features.");
            }
            boolean isLate = reads(feature).stream().anyMatch(late.columns()::contains);
            Optional<Value> value = value(feature, isLate);
            boolean isExact =
                    value.isPresent() && !ValueTypes.isNumber(value.get().type());
            int index = value.map(brought -> index(isExact ? exacts : numbers, brought))
                    .orElse(WindowedAggregate.NONE);
            DataType type = type(feature);
            double whenEmpty = whenEmpty(feature, type);
            int created = created(feature, isLate);
            int replaced = isLate ? index(moments, LabelHistory.REPLACED) : WindowedAggregate.NONE;
            for (WindowLength window : windows) {
                WindowedAggregate aggregate = new WindowedAggregate(
                        feature.aggregate(),
                        index,
                        window.lookback(),
                        micros(feature.delay().orElse(defaults.delay())),
                        feature.boundary().orElse(defaults.boundary()),
                        created,
                        replaced);
                String name = feature.nameFor(window, windows.size());
                String description = described(feature, window, isLate);
                drafts.add(new Draft(new Feature(name, aggregate, type, whenEmpty, description), isExact));
            }
        }

        private static long micros(Duration duration) {
            return Math.multiplyExact(duration.toMillis(), 1_000);
        }

        private static <T> int index(List<T> known, T wanted) {
            int found = known.indexOf(wanted);
            if (found >= 0) return found;
            known.add(wanted);
            return known.size() - 1;
        }

        /** A late fact counts from its arrival, and from when its event was known, whichever is later. */
        private int created(FeatureDeclaration feature, boolean isLate) {
            Optional<String> column = feature.createdColumn()
                    .or(defaults::createdColumn)
                    .filter(name -> !isLate || !late.arrivalColumn().equals(Optional.of(name)));
            column.ifPresent(name -> requireTime(feature, name));
            Optional<String> known = column.map(name ->
                    "coalesce(unix_micros(CAST(" + Columns.quoted(name) + " AS TIMESTAMP)), " + Long.MAX_VALUE + ")");
            if (isLate) {
                known = known.map(sql -> "greatest(" + LabelHistory.KNOWN + ", " + sql + ")")
                        .or(() -> Optional.of(LabelHistory.KNOWN));
            }
            return known.map(sql -> index(moments, sql)).orElse(WindowedAggregate.NONE);
        }

        private void requireTime(FeatureDeclaration feature, String column) {
            Columns.require(source.schema(), List.of(column), owner);
            DataType type = source.schema().apply(column).dataType();
            if (type instanceof TimestampType || type instanceof TimestampNTZType || type instanceof DateType) return;
            throw new MillraceException(
                    ErrorKind.SCHEMA_MISMATCH,
                    "`created-column` of feature `" + feature.name() + "` must be a TIMESTAMP or DATE, but `" + column
                            + "` of " + owner + " is " + type.sql() + ".");
        }

        /** What an event brings, NULL when it does not count; empty when every event counts alike. */
        private Optional<Value> value(FeatureDeclaration feature, boolean isLate) {
            Optional<Value> operand = feature.operand()
                    .map(sql -> ValueTypes.brought(feature.aggregate(), sql, typeOf(feature, sql))
                            .orElseThrow(() -> unusable(feature, sql)));
            List<String> conditions = new ArrayList<>();
            feature.where().ifPresent(sql -> {
                typeOf(feature, sql);
                conditions.add("(" + sql + ")");
            });
            // An event that has several labels comes several times; only its labels count more than once.
            if (late.areThere() && !isLate) conditions.add(LabelHistory.IS_EVENT);
            if (conditions.isEmpty()) return operand;
            Value bare = operand.orElse(new Value("1D", DataTypes.DoubleType));
            String sql = "CASE WHEN " + String.join(" AND ", conditions) + " THEN " + bare.sql() + " END";
            return Optional.of(new Value(sql, bare.type()));
        }

        private MillraceException unusable(FeatureDeclaration feature, String sql) {
            DataType type = typeOf(feature, sql);
            String needed =
                    ValueTypes.keepsType(feature.aggregate()) ? "a number, string, time or BOOLEAN" : "a number";
            return new MillraceException(
                    ErrorKind.SCHEMA_MISMATCH,
                    "Feature `" + feature.name() + "` requires " + needed + ", but `"
                            + feature.column().orElse(sql) + "` of " + owner + " is " + type.sql()
                            + ". Cast it in `expression`, or use `count`.");
        }

        private DataType type(FeatureDeclaration feature) {
            return switch (feature.aggregate()) {
                case COUNT, COUNT_DISTINCT -> DataTypes.LongType;
                case SUM, MEAN, STDDEV, SECONDS_SINCE_LAST -> DataTypes.DoubleType;
                case MIN, MAX, LAST -> typeOf(feature, feature.operand().orElseThrow());
            };
        }

        /** The default of the section holds for the columns that can take it; that of a feature must fit. */
        private double whenEmpty(FeatureDeclaration feature, DataType type) {
            Optional<Double> own = feature.whenEmpty();
            if (own.isPresent() && !ValueTypes.takes(type, own.get())) {
                throw new MillraceException(
                        ErrorKind.CONFIG,
                        "`default` (" + own.get() + ") of feature `" + feature.name()
                                + "` is not a valid value of its type " + type.sql()
                                + ". Remove it; an empty window is then NULL.");
            }
            return own.or(() -> defaults.whenEmpty().filter(value -> ValueTypes.takes(type, value)))
                    .orElse(Double.NaN);
        }

        private DataType typeOf(FeatureDeclaration feature, String sql) {
            return selected(feature, sql).schema().apply(0).dataType();
        }

        private Dataset<Row> selected(FeatureDeclaration feature, String sql) {
            try {
                return source.selectExpr(sql);
            } catch (Exception refused) {
                boolean theirs = refused instanceof AnalysisException
                        || refused.getClass().getSimpleName().contains("Parse");
                if (!theirs) throw refused;
                throw new MillraceException(
                        ErrorKind.CONFIG,
                        "Feature `" + feature.name() + "`: `" + sql + "` is not a valid SQL expression on " + owner
                                + ": " + SparkErrors.firstLine(refused),
                        refused);
            }
        }

        /** The columns of the source that the feature depends on. */
        private Set<String> reads(FeatureDeclaration feature) {
            Set<String> read = new java.util.TreeSet<>();
            feature.operand().ifPresent(sql -> read.addAll(Expressions.columns(selected(feature, sql))));
            feature.where().ifPresent(sql -> read.addAll(Expressions.columns(selected(feature, sql))));
            return read;
        }

        private String described(FeatureDeclaration feature, WindowLength window, boolean isLate) {
            String what = feature.aggregate().name().toLowerCase(Locale.ROOT).replace('_', ' ')
                    + feature.operand()
                            .map(sql -> " of " + sql.replace("`", ""))
                            .orElse(" of events")
                    + feature.where().map(sql -> " where " + sql).orElse("");
            Duration delay = feature.delay().orElse(defaults.delay());
            Optional<String> known =
                    isLate ? late.arrivalColumn() : feature.createdColumn().or(defaults::createdColumn);
            String when = " in the " + window.text() + " before"
                    + (delay.isZero() ? "" : ", known " + text(delay) + " later")
                    + known.map(column -> ", known at " + column).orElse("");
            return feature.description().map(text -> text + ": ").orElse("") + what + when;
        }

        /** {@code 7d}, {@code 12h}, {@code 15m}, {@code 30s}. */
        private static String text(Duration delay) {
            long seconds = delay.toSeconds();
            if (seconds % 86_400 == 0) return seconds / 86_400 + "d";
            if (seconds % 3_600 == 0) return seconds / 3_600 + "h";
            return seconds % 60 == 0 ? seconds / 60 + "m" : seconds + "s";
        }
    }
}
