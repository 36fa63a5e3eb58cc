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

/** What the column {@code split} says. */
@Variants("by")
public sealed interface SetSplit {
    /** Name of the column. */
    String COLUMN = "split";

    /**
     * {@code train} in [train-from, train-to), {@code test} in [test-from, test-to); otherwise {@code before}, {@code
     * gap} or {@code recent}.
     *
     * @param gap leaves out rows this long before the test rows: their labels were not known yet
     * @param labelCut which labels training rows have
     */
    @Key("time")
    record ByTime(
            @Doc("start of the training rows; default: no limit") Optional<Instant> trainFrom,
            @Doc("end of the training rows; default: `test-from` minus `gap`") Optional<Instant> trainTo,
            @Doc("start of the test rows") Instant testFrom,
            @Doc("end of the test rows; default: no limit") Optional<Instant> testTo,
            @Doc("length of time before the test rows that is left out") @Default("0s") Duration gap,
            @Doc("labels of training rows: known-at-cut (those known when the test rows begin) or all; default"
                            + " known-at-cut if labels have a `created-column`")
                    Optional<LabelCut> labelCut)
            implements SetSplit {
        public ByTime {
            if (trainTo.isPresent() && trainTo.get().isAfter(testFrom)) {
                throw new IllegalArgumentException(
                        "`train-to` (" + trainTo.get() + ") is after `test-from` (" + testFrom + ")");
            }
            if (trainTo.isPresent() && !gap.isZero()) {
                throw new IllegalArgumentException(
                        "`train-to` and `gap` both set the end of the training rows; remove one of them");
            }
            Instant end = trainTo.orElse(testFrom.minus(gap));
            if (trainFrom.isPresent() && !trainFrom.get().isBefore(end)) {
                throw new IllegalArgumentException("`train-from` (" + trainFrom.get()
                        + ") is not before the end of the training rows (" + end + ")");
            }
            if (testTo.isPresent() && !testFrom.isBefore(testTo.get())) {
                throw new IllegalArgumentException(
                        "`test-from` (" + testFrom + ") is not before `test-to` (" + testTo.get() + ")");
            }
        }

        /** End of the training rows, not included. */
        public Instant trainEnd() {
            return trainTo.orElse(testFrom.minus(gap));
        }
    }

    /** Which labels the training rows of a split by time have. */
    enum LabelCut {
        /** What was known when the test rows begin, as a model trained then would have had it. */
        KNOWN_AT_CUT,
        /** What is known now. */
        ALL
    }

    /** A hash of the columns and the seed: rows equal in them stay together. */
    @Key("hash")
    record ByHash(
            @Doc("columns whose equal rows stay together: the key of a row, or a customer") List<String> columns,
            @Doc("share of test rows") @Default("0.2") @Min(0.01) @Max(0.9) double testShare)
            implements SetSplit {
        public ByHash {
            columns = List.copyOf(columns);
            if (columns.isEmpty()) throw new IllegalArgumentException("`columns` must name at least one column");
        }
    }
}
