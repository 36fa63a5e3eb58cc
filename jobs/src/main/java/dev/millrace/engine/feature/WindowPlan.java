package dev.millrace.engine.feature;

import dev.millrace.engine.window.Aggregate;
import dev.millrace.engine.window.WindowedAggregate;
import dev.millrace.platform.error.ErrorKind;
import dev.millrace.platform.error.MillraceException;
import dev.millrace.platform.table.Columns;
import java.io.Serializable;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import org.apache.spark.sql.AnalysisException;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.types.BooleanType;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DoubleType;
import org.apache.spark.sql.types.FloatType;
import org.apache.spark.sql.types.IntegerType;
import org.apache.spark.sql.types.NumericType;

/**
 * Declared features resolved against a source: which values and moments of creation each event must bring along, and
 * which aggregates are made of them. Equal values are brought once.
 *
 * @param columns the feature columns, in the order of the results
 * @param values SQL of DOUBLE values of an event
 * @param created SQL of TIMESTAMPs at which an event became known
 */
public record WindowPlan(List<Feature> columns, List<String> values, List<String> created) implements Serializable {
    private static final long serialVersionUID = 1L;

    /**
     * One column.
     *
     * @param whenEmpty NaN for NULL
     * @param description for people
     */
    public record Feature(String name, WindowedAggregate aggregate, double whenEmpty, String description)
            implements Serializable {
        private static final long serialVersionUID = 1L;

        boolean isCount() {
            return aggregate.aggregate() == Aggregate.COUNT || aggregate.aggregate() == Aggregate.COUNT_DISTINCT;
        }
    }

    /**
     * @param source the events, with every column the features may name
     * @param createdOf the creation column of a feature that names none itself, from the columns the feature reads
     * @param owner the source in messages: "Table `raw.x` version 3"
     * @throws MillraceException SCHEMA_MISMATCH or CONFIG naming the feature
     */
    public static WindowPlan of(
            List<FeatureDeclaration> declared,
            WindowDefaults defaults,
            Dataset<Row> source,
            Function<Set<String>, Optional<String>> createdOf,
            String owner) {
        Resolution resolution = new Resolution(defaults, source, createdOf, owner);
        declared.forEach(resolution::add);
        return new WindowPlan(
                List.copyOf(resolution.columns), List.copyOf(resolution.values), List.copyOf(resolution.created));
    }

    /** Names of the feature columns. */
    public List<String> names() {
        return columns.stream().map(Feature::name).toList();
    }

    /** How far back an event can matter: the longest window with its delay. */
    public long lookbackMicros() {
        return columns.stream()
                .mapToLong(feature -> Math.addExact(
                        feature.aggregate().window(), feature.aggregate().delay()))
                .max()
                .orElse(0);
    }

    /** {@code 7d}, {@code 12h}, {@code 15m}, {@code 30s}. */
    static String text(Duration window) {
        long seconds = window.toSeconds();
        if (seconds % 86_400 == 0) return seconds / 86_400 + "d";
        if (seconds % 3_600 == 0) return seconds / 3_600 + "h";
        return seconds % 60 == 0 ? seconds / 60 + "m" : seconds + "s";
    }

    private static final class Resolution {
        private final WindowDefaults defaults;
        private final Dataset<Row> source;
        private final Function<Set<String>, Optional<String>> createdOf;
        private final String owner;
        private final List<Feature> columns = new ArrayList<>();
        private final List<String> values = new ArrayList<>();
        private final List<String> created = new ArrayList<>();

        Resolution(
                WindowDefaults defaults,
                Dataset<Row> source,
                Function<Set<String>, Optional<String>> createdOf,
                String owner) {
            this.defaults = defaults;
            this.source = source;
            this.createdOf = createdOf;
            this.owner = owner;
        }

        void add(FeatureDeclaration feature) {
            feature.column().ifPresent(column -> Columns.require(source.schema(), List.of(column), owner));
            List<Duration> windows = feature.windows().isEmpty() ? defaults.windows() : feature.windows();
            if (windows.isEmpty()) {
                throw new MillraceException(
                        ErrorKind.CONFIG,
                        "Feature `" + feature.name() + "` has no window: give `windows` there or for all features.");
            }
            Optional<String> sql = value(feature);
            int value = sql.map(text -> index(values, text)).orElse(WindowedAggregate.NONE);
            Optional<String> known = feature.createdColumn().or(() -> createdOf.apply(reads(feature)));
            known.ifPresent(column -> Columns.require(source.schema(), List.of(column), owner));
            int moment =
                    known.map(column -> index(created, Columns.quoted(column))).orElse(WindowedAggregate.NONE);
            for (Duration window : windows) {
                WindowedAggregate aggregate = new WindowedAggregate(
                        feature.aggregate(),
                        value,
                        micros(window),
                        micros(feature.delay().orElse(defaults.delay())),
                        feature.boundary().orElse(defaults.boundary()),
                        moment);
                columns.add(new Feature(
                        feature.nameFor(window, windows.size()),
                        aggregate,
                        feature.whenEmpty().or(defaults::whenEmpty).orElse(Double.NaN),
                        described(feature, window, known)));
            }
        }

        private static long micros(Duration duration) {
            return Math.multiplyExact(duration.toMillis(), 1_000);
        }

        private static int index(List<String> known, String sql) {
            int found = known.indexOf(sql);
            if (found >= 0) return found;
            known.add(sql);
            return known.size() - 1;
        }

        /** The DOUBLE an event brings, NULL when it does not count; empty when every event counts alike. */
        private Optional<String> value(FeatureDeclaration feature) {
            Optional<String> operand = feature.operand().map(sql -> number(feature, sql));
            if (feature.where().isEmpty()) return operand;
            typeOf(feature, feature.where().get());
            return Optional.of("CASE WHEN " + feature.where().get() + " THEN " + operand.orElse("1D") + " END");
        }

        private String number(FeatureDeclaration feature, String sql) {
            DataType type = typeOf(feature, sql);
            boolean isNumber = type instanceof NumericType || type instanceof BooleanType;
            return switch (feature.aggregate()) {
                case COUNT, SECONDS_SINCE_LAST -> isNumber ? asDouble(sql) : "IF((" + sql + ") IS NULL, NULL, 1D)";
                case COUNT_DISTINCT -> isExact(type) ? asDouble(sql) : hashed(sql);
                case SUM, MEAN, MIN, MAX, STDDEV, LAST -> {
                    if (isNumber) yield asDouble(sql);
                    throw new MillraceException(
                            ErrorKind.SCHEMA_MISMATCH,
                            "Feature `" + feature.name() + "` needs a number, but `"
                                    + feature.column().orElse(sql) + "` of " + owner + " is "
                                    + type.sql() + ". Cast it in `expression`, or count it.");
                }
            };
        }

        private static boolean isExact(DataType type) {
            return type instanceof DoubleType
                    || type instanceof FloatType
                    || type instanceof BooleanType
                    || type instanceof IntegerType;
        }

        private static String asDouble(String sql) {
            return "CAST((" + sql + ") AS DOUBLE)";
        }

        /** 53 bits of a hash, which a DOUBLE holds exactly: two of a million values collide with chance 6e-5. */
        private static String hashed(String sql) {
            return "IF((" + sql + ") IS NULL, NULL, CAST(shiftright(xxhash64(" + sql + "), 11) AS DOUBLE))";
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
                        "Feature `" + feature.name() + "`: `" + sql + "` is no SQL expression on " + owner + ": "
                                + String.valueOf(refused.getMessage())
                                        .lines()
                                        .findFirst()
                                        .orElse(""),
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

        private String described(FeatureDeclaration feature, Duration window, Optional<String> known) {
            String what = feature.aggregate().name().toLowerCase(Locale.ROOT).replace('_', ' ')
                    + feature.operand()
                            .map(sql -> " of " + sql.replace("`", ""))
                            .orElse(" of events")
                    + feature.where().map(sql -> " where " + sql).orElse("");
            Duration delay = feature.delay().orElse(defaults.delay());
            String when = " in the " + WindowPlan.text(window) + " before"
                    + (delay.isZero() ? "" : ", known " + WindowPlan.text(delay) + " later")
                    + known.map(column -> ", known at " + column).orElse("");
            return feature.description().map(text -> text + ": ").orElse("") + what + when;
        }
    }
}
