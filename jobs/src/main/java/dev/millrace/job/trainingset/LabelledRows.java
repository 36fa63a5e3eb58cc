package dev.millrace.job.trainingset;

import dev.millrace.engine.feature.LabelHistory;
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
 */
final class LabelledRows {
    private LabelledRows() {}

    /** Rows of the spine whose own column is the label and was known. */
    static Dataset<Row> ofSpine(Dataset<Row> spine, TrainingSetConfig config) {
        LabelSource source = config.declaredLabels();
        Column moment = moment(config, config.asOf());
        Column arrived = source.createdColumn()
                .map(column -> Columns.named(column).cast(DataTypes.TimestampType))
                .orElse(time(config));
        Column known = functions.isnull(moment).or(arrived.leq(moment.minus(functions.lit(source.delay()))));
        return spine.where(Columns.named(config.labelColumn()).isNotNull().and(known));
    }

    /** Joined by key. */
    static Dataset<Row> joined(Dataset<Row> spine, Dataset<Row> labels, TrainingSetConfig config) {
        LabelSource declared = config.declaredLabels();
        List<String> keys = declared.keys().isEmpty() ? config.key() : declared.keys();
        List<Column> renamed = new ArrayList<>();
        for (int i = 0; i < keys.size(); i++) {
            renamed.add(Columns.named(keys.get(i)).as(config.key().get(i)));
        }
        renamed.add(Columns.named(config.labelColumn()));
        declared.createdColumn().ifPresent(column -> renamed.add(Columns.named(column)));
        LabelSource source = new LabelSource(
                declared.table(),
                config.key(),
                Optional.of(config.labelColumn()),
                List.of(),
                declared.createdColumn(),
                declared.delay(),
                declared.missingAs(),
                declared.after());
        Optional<Instant> now = config.asOf();
        if (now.isEmpty() && declared.missingAs().isPresent()) now = newestArrival(labels, declared);
        Column moment = moment(config, now);
        return new LabelHistory(source, config.timeColumn())
                .asOf(spine, labels.select(renamed.toArray(Column[]::new)), moment)
                .where(Columns.named(config.labelColumn()).isNotNull());
    }

    /** Until then labels were reported; whether a younger row stays without one is not known yet. */
    private static Optional<Instant> newestArrival(Dataset<Row> labels, LabelSource source) {
        if (source.createdColumn().isEmpty()) return Optional.empty();
        Row newest = labels.agg(functions.max(
                        Columns.named(source.createdColumn().get()).cast(DataTypes.TimestampType)))
                .head();
        return newest.isNullAt(0) ? Optional.empty() : Optional.of(newest.getInstant(0));
    }

    /** When the label of a row must have been known; NULL for whenever. */
    private static Column moment(TrainingSetConfig config, Optional<Instant> asOf) {
        Column now = asOf.map(functions::lit).orElse(functions.lit(null)).cast(DataTypes.TimestampType);
        Optional<SetSplit.ByTime> split = config.split()
                .filter(SetSplit.ByTime.class::isInstance)
                .map(SetSplit.ByTime.class::cast)
                .filter(by -> cut(by, config) == SetSplit.LabelCut.KNOWN_AT_CUT);
        if (split.isEmpty()) return now;
        Column cut = functions.lit(split.get().testFrom());
        Column isTraining = time(config).lt(functions.lit(split.get().trainEnd()));
        // LEAST takes no notice of NULL: without an as-of it is the cut.
        return functions.when(isTraining, functions.least(now, cut)).otherwise(now);
    }

    private static SetSplit.LabelCut cut(SetSplit.ByTime split, TrainingSetConfig config) {
        return split.labelCut()
                .orElse(
                        config.declaredLabels().createdColumn().isPresent()
                                ? SetSplit.LabelCut.KNOWN_AT_CUT
                                : SetSplit.LabelCut.ALL);
    }

    private static Column time(TrainingSetConfig config) {
        return Columns.named(config.timeColumn()).cast(DataTypes.TimestampType);
    }
}
