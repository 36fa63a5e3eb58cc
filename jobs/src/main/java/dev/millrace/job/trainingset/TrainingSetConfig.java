package dev.millrace.job.trainingset;

import dev.millrace.engine.feature.FeatureDeclaration;
import dev.millrace.engine.feature.WindowDefaults;
import dev.millrace.engine.feature.WindowLength;
import dev.millrace.engine.split.SetSplit;
import dev.millrace.engine.truth.LabelSource;
import dev.millrace.engine.window.Boundary;
import dev.millrace.platform.config.Checked;
import dev.millrace.platform.config.Default;
import dev.millrace.platform.config.Doc;
import dev.millrace.platform.config.FromText;
import dev.millrace.platform.config.Key;
import dev.millrace.platform.table.OutputRef;
import dev.millrace.platform.table.TableRef;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * A training set to make.
 *
 * @param spine the rows to learn from, with every column that shall be kept
 * @param key columns that identify a row
 * @param timeColumn the moment whose knowledge counts
 * @param labels what to predict
 * @param label its older form; never present
 * @param asOf only labels known by then; others are left out
 * @param features feature tables to join as of that moment
 * @param windows features to compute at exactly that moment
 * @param expressions SQL over the joined row
 */
public record TrainingSetConfig(
        @Doc("rows of the training set") TableRef spine,
        @Doc("columns that identify a row") List<String> key,
        @Doc("TIMESTAMP or DATE column: time of a row") String timeColumn,
        @Doc("what to predict, and when it was known") Optional<LabelSource> labels,
        @Doc("older form of `labels` and `as-of`") Optional<Label> label,
        @Doc("only labels known by then") Optional<Instant> asOf,
        @Doc("feature tables to join, point-in-time correct") List<From> features,
        @Doc("windowed features, computed at the time of each row") List<Exact> windows,
        @Doc("further columns: SQL over the joined row") Map<String, String> expressions,
        @Doc("values of the column `split`") Optional<SetSplit> split,
        @Doc("table to write") OutputRef output) {

    /**
     * The older form of {@code labels} and {@code as-of}.
     *
     * @param table where it is, unless in the spine itself
     * @param createdColumn when it arrived; without it {@code delay} after the row's moment
     * @param asOf only labels known by then; others are left out
     */
    public record Label(
            @Doc("column to predict") String column,
            @Doc("table of labels; default: the spine") Optional<TableRef> table,
            @Doc("columns of that table that identify a row; default those of the spine") List<String> key,
            @Doc("TIMESTAMP column: when the label arrived") Optional<String> createdColumn,
            @Doc("labels are known this long after the time of the row") @Default("0s") Duration delay,
            @Doc("value of rows without a label") Optional<Object> missingAs,
            @Doc("time after which a row without a label counts as `missing-as`") Optional<Duration> after,
            @Doc("only labels known by then") Optional<Instant> asOf) {
        public Label {
            key = List.copyOf(key);
            sourceOf(table, key, column, createdColumn, delay, missingAs, after); // which checks how they go together
        }

        private LabelSource source() {
            return sourceOf(table, key, column, createdColumn, delay, missingAs, after);
        }

        private static LabelSource sourceOf(
                Optional<TableRef> table,
                List<String> key,
                String column,
                Optional<String> createdColumn,
                Duration delay,
                Optional<Object> missingAs,
                Optional<Duration> after) {
            return new LabelSource(table, key, Optional.of(column), List.of(), createdColumn, delay, missingAs, after);
        }
    }

    /**
     * A feature table.
     *
     * @param entity columns both sides have; default what the table's catalog says
     * @param timeColumn of the table; default what its catalog says
     * @param columns to take; default all features
     * @param lag a row of the table can be used only this much after its moment
     * @param maxAge older rows are not used
     */
    public record From(
            @Doc("feature table") TableRef table,
            @Doc("columns that both tables have; default: from the feature catalog") List<String> entity,
            @Doc("TIMESTAMP column of the table; default: from the feature catalog") Optional<String> timeColumn,
            @Doc("features to join; default all") List<String> columns,
            @Doc("a feature row can be used only this long after its time") @Default("0s") Duration lag,
            @Doc("older feature rows are not used") Optional<Duration> maxAge) {
        public From {
            entity = List.copyOf(entity);
            columns = List.copyOf(columns);
        }

        /** A table whose catalog says the rest. */
        @FromText
        public static From parse(String text) {
            return new From(
                    TableRef.parse(text), List.of(), Optional.empty(), List.of(), Duration.ZERO, Optional.empty());
        }
    }

    /** Windowed features of a table of events, as the features job computes them, at the rows' own moments. */
    public record Exact(
            @Doc("table of events") TableRef source,
            @Doc("columns that both tables have: entity of an event") List<String> entity,
            @Doc("TIMESTAMP or DATE column: when an event happened") String timeColumn,
            @Doc("columns that order events with the same time") List<String> key,
            @Doc("TIMESTAMP column: when an event became known") Optional<String> createdColumn,
            @Doc("window lengths") List<WindowLength> windows,
            @Doc("whether an event at the time of the row counts: inclusive or exclusive") @Default("exclusive")
                    Boundary boundary,
            @Doc("events are known only this long after their time") @Default("0s") Duration delay,
            @Doc("value of an empty window; default NULL") @Key("default") Optional<Double> whenEmpty,
            @Doc("the windowed features") List<FeatureDeclaration> features)
            implements Checked {
        public Exact {
            entity = List.copyOf(entity);
            key = List.copyOf(key);
            windows = List.copyOf(windows);
            features = List.copyOf(features);
            if (entity.isEmpty()) throw new IllegalArgumentException("`entity` must name at least one column");
            if (features.isEmpty()) throw new IllegalArgumentException("`features` must declare at least one feature");
        }

        @Override
        public void check(Findings findings) {
            defaults().checkWindows(features, findings);
        }

        WindowDefaults defaults() {
            return new WindowDefaults(windows, boundary, delay, createdColumn, whenEmpty);
        }
    }

    public TrainingSetConfig {
        key = List.copyOf(key);
        features = List.copyOf(features);
        windows = List.copyOf(windows);
        if (labels.isPresent() == label.isPresent()) {
            throw new IllegalArgumentException("requires `labels`: {table, column, created-column}"
                    + (label.isPresent() ? "; `label` is its older form, remove one of them" : ""));
        }
        if (label.isPresent()) {
            labels = Optional.of(label.get().source());
            asOf = asOf.or(label.get()::asOf);
            label = Optional.empty();
        }
        requireOneColumn(labels.get());
        if (key.isEmpty()) throw new IllegalArgumentException("`key` must name at least one column");
        Set<String> made = new HashSet<>(expressions.keySet());
        List<String> fixed = new ArrayList<>(key);
        fixed.add(timeColumn);
        fixed.add(labels.get().taken().get(0));
        fixed.add(SetSplit.COLUMN);
        for (String column : fixed) {
            if (!made.add(column)) throw new IllegalArgumentException("writes `" + column + "` twice");
        }
    }

    private static void requireOneColumn(LabelSource labels) {
        if (labels.taken().size() != 1) {
            throw new IllegalArgumentException(
                    "`labels` has " + labels.taken().size() + " columns; set only `column`, the one to predict");
        }
    }

    /** What to predict. */
    LabelSource declaredLabels() {
        return labels.orElseThrow();
    }

    String labelColumn() {
        return declaredLabels().taken().get(0);
    }
}
