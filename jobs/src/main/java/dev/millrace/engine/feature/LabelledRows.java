package dev.millrace.engine.feature;

import dev.millrace.engine.split.SetSplit;
import dev.millrace.engine.truth.LabelSource;
import dev.millrace.platform.table.Columns;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.functions;
import org.apache.spark.sql.types.DataTypes;

/**
 * The spine with its label as it was known at a moment: that of {@code as-of}, and for the training rows of a split by
 * time, when its test rows begin. Rows without a label by then are left out.
 *
 * @param source where the labels are; it takes one column
 * @param key columns of the spine that identify a row
 * @param timeColumn TIMESTAMP or DATE column of the spine: the moment of a row
 */
public record LabelledRows(
        LabelSource source, List<String> key, String timeColumn, Optional<Instant> asOf, Optional<SetSplit> split) {
    private String label() {
        return source.taken().get(0);
    }

    /** Rows of the spine whose own column is the label and was known. */
    public Dataset<Row> ofSpine(Dataset<Row> spine) {
        Column moment = moment(asOf);
        Column arrived = source.createdColumn()
                .map(column -> Columns.named(column).cast(DataTypes.TimestampType))
                .orElse(time());
        Column known = functions.isnull(moment).or(arrived.leq(moment.minus(functions.lit(source.delay()))));
        return spine.where(Columns.named(label()).isNotNull().and(known));
    }

    /** Joined by key. */
    public Dataset<Row> joined(Dataset<Row> spine, Dataset<Row> labels) {
        List<String> keys = source.keys().isEmpty() ? key : source.keys();
        List<Column> renamed = new ArrayList<>();
        for (int i = 0; i < keys.size(); i++) {
            renamed.add(Columns.named(keys.get(i)).as(key.get(i)));
        }
        renamed.add(Columns.named(label()));
        source.createdColumn().ifPresent(column -> renamed.add(Columns.named(column)));
        LabelSource ofSpine = new LabelSource(
                source.table(),
                key,
                Optional.of(label()),
                List.of(),
                source.createdColumn(),
                source.delay(),
                source.missingAs(),
                source.after());
        Optional<Instant> now = asOf;
        if (now.isEmpty() && source.missingAs().isPresent()) now = newestArrival(labels);
        Column moment = moment(now);
        return new LabelHistory(ofSpine, timeColumn)
                .asOf(spine, labels.select(renamed.toArray(Column[]::new)), moment)
                .where(Columns.named(label()).isNotNull());
    }

    /** Until then labels were reported; whether a younger row stays without one is not known yet. */
    private Optional<Instant> newestArrival(Dataset<Row> labels) {
        if (source.createdColumn().isEmpty()) return Optional.empty();
        Row newest = labels.agg(functions.max(
                        Columns.named(source.createdColumn().get()).cast(DataTypes.TimestampType)))
                .head();
        return newest.isNullAt(0) ? Optional.empty() : Optional.of(newest.getInstant(0));
    }

    /** When the label of a row must have been known; NULL for whenever. */
    private Column moment(Optional<Instant> until) {
        Column now = until.map(functions::lit).orElse(functions.lit(null)).cast(DataTypes.TimestampType);
        Optional<SetSplit.ByTime> byTime = split.filter(SetSplit.ByTime.class::isInstance)
                .map(SetSplit.ByTime.class::cast)
                .filter(by -> cut(by) == SetSplit.LabelCut.KNOWN_AT_CUT);
        if (byTime.isEmpty()) return now;
        Column cut = functions.lit(byTime.get().testFrom());
        Column isTraining = time().lt(functions.lit(byTime.get().trainEnd()));
        // LEAST takes no notice of NULL: without an as-of it is the cut.
        return functions.when(isTraining, functions.least(now, cut)).otherwise(now);
    }

    private SetSplit.LabelCut cut(SetSplit.ByTime by) {
        return by.labelCut()
                .orElse(source.createdColumn().isPresent() ? SetSplit.LabelCut.KNOWN_AT_CUT : SetSplit.LabelCut.ALL);
    }

    private Column time() {
        return Columns.named(timeColumn).cast(DataTypes.TimestampType);
    }
}
