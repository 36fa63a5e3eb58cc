package dev.millrace.engine.split;

import dev.millrace.platform.config.Default;
import dev.millrace.platform.config.Doc;
import dev.millrace.platform.config.Key;
import dev.millrace.platform.config.Max;
import dev.millrace.platform.config.Min;
import dev.millrace.platform.config.Variants;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** Which rows a model learns from and which it is measured on. Nothing depends on the partitioning of the table. */
@Variants("by")
public sealed interface Split {

    /** Columns that make the split, which are no features. */
    List<String> columns();

    /** The TIMESTAMP or DATE column by which rows are older or newer, in a split by time. */
    default Optional<String> time() {
        return Optional.empty();
    }

    /** Columns that identify a row, where the split is by them. */
    default List<String> identity() {
        return List.of();
    }

    /** Whether training rows have only the labels known when the test rows begin, where labels say when that was. */
    default boolean cutsLabels() {
        return false;
    }

    /** A column says it; rows with another value, or none, are left out. */
    @Key("column")
    record ByColumn(
            @Doc("column that marks the rows") @Default("split") String column,
            @Doc("its value for training rows") @Default("train") String train,
            @Doc("its value for test rows") @Default("test") String test)
            implements Split {
        public ByColumn {
            if (train.equals(test)) {
                throw new IllegalArgumentException("`train` and `test` are the same value, `" + train + "`");
            }
        }

        @Override
        public List<String> columns() {
            return List.of(column);
        }
    }

    /**
     * Older rows train, newer rows test.
     *
     * @param gap rows this much before the test rows are left out: their labels were not known yet
     */
    @Key("time")
    record ByTime(
            @Doc("TIMESTAMP or DATE column") String column,
            @Doc("start of the training rows") Optional<Instant> trainFrom,
            @Doc("start of the test rows; without it, `test-share` applies") Optional<Instant> testFrom,
            @Doc("end of the test rows, not included") Optional<Instant> testTo,
            @Doc("length of time before the test rows that is left out") Optional<Duration> gap,
            @Doc("share of the newest rows, cut at a full hour, without `test-from`")
                    @Default("0.2")
                    @Min(0.01)
                    @Max(0.9)
                    double testShare,
            @Doc("use only rows this long before the newest one; `test-share` then applies to these")
                    Optional<Duration> newest,
            @Doc("labels of training rows: only those known when the test rows begin, or all; default known-at-cut if"
                            + " `labels` has arrival times")
                    Optional<LabelCut> labelCut)
            implements Split {
        public ByTime {
            if (newest.isPresent() && (trainFrom.isPresent() || testFrom.isPresent())) {
                throw new IllegalArgumentException("sets `newest` and `train-from` or `test-from`; remove one of them");
            }
            if (trainFrom.isPresent()
                    && testFrom.isPresent()
                    && !trainFrom.get().isBefore(testFrom.get())) {
                throw new IllegalArgumentException(
                        "`train-from` (" + trainFrom.get() + ") is not before `test-from` (" + testFrom.get() + ")");
            }
            if (testTo.isPresent() && testFrom.isPresent() && !testFrom.get().isBefore(testTo.get())) {
                throw new IllegalArgumentException(
                        "`test-from` (" + testFrom.get() + ") is not before `test-to` (" + testTo.get() + ")");
            }
        }

        @Override
        public List<String> columns() {
            return List.of(column);
        }

        @Override
        public Optional<String> time() {
            return Optional.of(column);
        }

        @Override
        public boolean cutsLabels() {
            return labelCut.orElse(LabelCut.KNOWN_AT_CUT) == LabelCut.KNOWN_AT_CUT;
        }
    }

    /** Which labels the training rows of a split by time have. */
    enum LabelCut {
        KNOWN_AT_CUT,
        ALL
    }

    /** SQL decides: rows for which it is true are test rows, for which it is false training rows. NULL is an error. */
    @Key("expression")
    record ByExpression(@Doc("condition, true for test rows; deterministic functions only") String test)
            implements Split {
        public ByExpression {
            if (test.isBlank()) throw new IllegalArgumentException("`test` is empty; set a condition");
        }

        @Override
        public List<String> columns() {
            return List.of();
        }
    }

    /** A hash of these columns (and the seed) decides; rows equal in them stay together. */
    @Key("hash")
    record ByHash(
            @Doc("columns that identify a row") List<String> columns,
            @Doc("share of test rows") @Default("0.2") @Min(0.01) @Max(0.9) double testShare)
            implements Split {
        public ByHash {
            columns = List.copyOf(columns);
            if (columns.isEmpty()) throw new IllegalArgumentException("`columns` must name at least one column");
        }

        @Override
        public List<String> identity() {
            return columns;
        }
    }

    /** All rows of a group (a customer, a machine) stay together. */
    @Key("group")
    record ByGroup(
            @Doc("column of the group") String column,
            @Doc("share of test groups") @Default("0.2") @Min(0.01) @Max(0.9) double testShare)
            implements Split {
        @Override
        public List<String> columns() {
            return List.of(column);
        }
    }

    /** The same share of every class of the label. */
    @Key("stratified")
    record Stratified(
            @Doc("columns that identify a row") List<String> columns,
            @Doc("share of test rows of each class") @Default("0.2") @Min(0.01) @Max(0.9) double testShare)
            implements Split {
        public Stratified {
            columns = List.copyOf(columns);
            if (columns.isEmpty()) throw new IllegalArgumentException("`columns` must name at least one column");
        }

        @Override
        public List<String> identity() {
            return columns;
        }
    }

    /**
     * The training rows of another split, a share of them held out; its test rows are not touched. Searches use it. Of a
     * split by time the newest are held out, after the same gap.
     */
    @Key("validation")
    record Validation(
            @Doc("split whose training rows are divided") Split of,
            @Doc("share of training rows held out") @Default("0.2") @Min(0.01) @Max(0.9) double testShare)
            implements Split {
        @Override
        public List<String> columns() {
            return of.columns();
        }

        @Override
        public Optional<String> time() {
            return of.time();
        }

        @Override
        public List<String> identity() {
            return of.identity();
        }

        @Override
        public boolean cutsLabels() {
            return of.cutsLabels();
        }
    }
}
