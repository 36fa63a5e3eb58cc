package dev.millrace.engine.monitor;

import dev.millrace.engine.measure.Scorecard;
import dev.millrace.engine.model.ModelDirectory;
import dev.millrace.engine.onnx.Target;
import dev.millrace.engine.scan.BinCounting;
import dev.millrace.engine.truth.ClassIndex;
import dev.millrace.engine.truth.JudgedRows;
import dev.millrace.engine.truth.KnownLabels;
import dev.millrace.engine.truth.LabelSource;
import dev.millrace.engine.truth.ModelPredictions;
import dev.millrace.engine.truth.RowHash;
import dev.millrace.engine.truth.WindowScores;
import dev.millrace.platform.error.ErrorKind;
import dev.millrace.platform.error.MillraceException;
import dev.millrace.platform.progress.Progress;
import dev.millrace.platform.table.Columns;
import dev.millrace.platform.table.TableVersion;
import dev.millrace.platform.table.Tables;
import dev.millrace.platform.tracking.ResolvedModel;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.functions;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;

/**
 * Judges a model's predictions, window by window, by the labels known now: one join; each window is sampled and measured
 * by itself on an executor.
 */
public record Qualities(
        MonitorDeclaration config, Tables tables, ModelDirectory model, BinCounting.Windows windows, Judging judging) {
    /**
     * How rows are judged.
     *
     * @param now labels that arrived later do not count
     * @param seed of the samples' intervals
     */
    public record Judging(Instant now, long seed, Progress progress) {}

    private static final String LABEL = "_millrace_label";

    /**
     * @param from first window to judge, microseconds; empty: all
     * @param to end of the windows to judge, microseconds
     * @return per start of a window; windows without a label are not there
     */
    public Map<Long, Scorecard> of(ResolvedModel resolved, Optional<Long> from, Optional<Long> to) {
        LabelSource source = config.labels().orElseThrow();
        TableVersion predictions = tables.open(config.predictions().orElseThrow());
        TableVersion labels = tables.open(source.table().orElseThrow());
        String column = source.column()
                .or(() -> model.info().label())
                .orElseThrow(() -> new MillraceException(
                        ErrorKind.CONFIG,
                        "The model in " + model.folder() + " does not specify its label column. Add `labels.column`."));
        List<String> needed = new ArrayList<>(source.keys());
        needed.add(column);
        source.createdColumn().ifPresent(needed::add);
        labels.require(needed);
        Target target = model.info().target();
        String score = JudgedRows.score(target);
        List<String> hashed = new ArrayList<>(source.keys());
        hashed.add(score);
        predictions.require(hashed);
        judging.progress().step("evaluating the predictions with the labels in " + labels.printed());
        KnownLabels known = new KnownLabels(source, column, Optional.of(ModelPredictions.EVENT_TIME));
        DataType type = labels.schema().apply(column).dataType();
        known.requireMissingAs(type);
        Dataset<Row> all = ModelPredictions.of(predictions, resolved);
        Instant now = known.horizon(all, labels.rows(), judging.now());
        Dataset<Row> joined = known.join(within(all, from, to), labels.rows(), Optional.of(now), LABEL);
        Column truth = ClassIndex.of(Columns.named(LABEL), type, target);
        return new WindowScores(target, windows::start, judging.seed(), JudgedRows.limit(target))
                .of(joined.where(time().isNotNull())
                        .withColumn(JudgedRows.TRUTH, truth)
                        .withColumn(JudgedRows.HASH, RowHash.of(predictions.schema(), hashed))
                        .withColumn(WindowScores.TIME, time()));
    }

    private static Column time() {
        return functions.col(ModelPredictions.EVENT_TIME).cast(DataTypes.TimestampType);
    }

    private static Dataset<Row> within(Dataset<Row> rows, Optional<Long> from, Optional<Long> to) {
        Dataset<Row> wanted = rows;
        if (from.isPresent()) wanted = wanted.where(time().geq(functions.lit(MonitorRows.instant(from.get()))));
        if (to.isPresent()) wanted = wanted.where(time().lt(functions.lit(MonitorRows.instant(to.get()))));
        return wanted;
    }
}
