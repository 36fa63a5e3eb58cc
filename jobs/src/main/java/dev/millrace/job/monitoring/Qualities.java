package dev.millrace.job.monitoring;

import dev.millrace.engine.measure.BinaryMeasures;
import dev.millrace.engine.measure.Estimate;
import dev.millrace.engine.measure.RegressionMeasures;
import dev.millrace.engine.model.ModelDirectory;
import dev.millrace.engine.model.Scoring;
import dev.millrace.engine.onnx.Target;
import dev.millrace.engine.profile.BinCounting;
import dev.millrace.job.JobContext;
import dev.millrace.platform.table.Columns;
import dev.millrace.platform.table.TableVersion;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.functions;
import org.apache.spark.sql.types.DataTypes;

/** Judges a model's predictions by labels that came later: one join, and at most half a million rows on the driver. */
record Qualities(MonitorConfig config, JobContext ctx, ModelDirectory model, BinCounting.Windows windows) {
    private static final int LIMIT = 500_000;
    private static final String TRUTH = "_millrace_truth";
    private static final String HASH = "_millrace_hash";

    /**
     * @param predictions of this model
     * @param from first window to judge, microseconds
     * @return per start of a window; windows without a label are not there
     */
    Map<Long, Quality> of(Dataset<Row> predictions, long from) {
        LabelSource source = config.labels().orElseThrow();
        TableVersion labels = ctx.tables().open(source.table());
        List<String> needed = new ArrayList<>(source.keys());
        needed.add(source.column());
        labels.require(needed);
        Columns.require(predictions.schema(), source.keys(), "The table of predictions");
        ctx.progress().step("judging the answers by the labels in " + labels.printed());
        Map<Long, List<Row>> byWindow = new TreeMap<>();
        for (Row row : joined(predictions, labels, source).collectAsList()) {
            Instant at = row.getAs(0);
            if (at == null) continue;
            long start = windows.start(
                    Math.addExact(Math.multiplyExact(at.getEpochSecond(), 1_000_000L), at.getNano() / 1000));
            if (start >= from)
                byWindow.computeIfAbsent(start, unseen -> new ArrayList<>()).add(row);
        }
        Map<Long, Quality> qualities = new TreeMap<>();
        long newest = byWindow.isEmpty() ? 0 : ((TreeMap<Long, List<Row>>) byWindow).lastKey();
        byWindow.forEach((start, rows) -> {
            rows.sort(Comparator.comparingLong(row -> row.getLong(3)));
            qualities.put(start, judged(rows, start == newest));
        });
        return qualities;
    }

    /** Time, score, truth as text, hash of the keys. */
    private Dataset<Row> joined(Dataset<Row> predictions, TableVersion labels, LabelSource source) {
        String[] keys = source.keys().toArray(String[]::new);
        List<Column> truth = new ArrayList<>(List.of(Columns.named(source.keys())));
        truth.add(Columns.named(source.column()).cast(DataTypes.StringType).as(TRUTH));
        Dataset<Row> known = labels.rows()
                .select(truth.toArray(Column[]::new))
                .where(functions.col(TRUTH).isNotNull());
        boolean binary = model.info().target() instanceof Target.Classes classes && classes.isBinary();
        Column score = Columns.named(binary ? Scoring.PROBABILITY : Scoring.PREDICTION);
        return predictions
                .join(known, keys, "inner")
                .select(
                        functions.col("event_time"),
                        score,
                        functions.col(TRUTH),
                        functions.xxhash64(Columns.named(source.keys())).as(HASH))
                .orderBy(functions.col(HASH))
                .limit(LIMIT);
    }

    private Quality judged(List<Row> rows, boolean newest) {
        if (!(model.info().target() instanceof Target.Classes classes)) return amounts(rows);
        return classes.isBinary() ? binary(rows, classes.values().get(1), newest) : several(rows);
    }

    private static Quality amounts(List<Row> rows) {
        double[] predicted = rows.stream().mapToDouble(row -> row.getDouble(1)).toArray();
        double[] truth = rows.stream()
                .mapToDouble(row -> Double.parseDouble(row.getString(2)))
                .toArray();
        return new Quality(rows.size(), RegressionMeasures.of(predicted, truth), Map.of());
    }

    private Quality binary(List<Row> rows, String positiveClass, boolean newest) {
        double[] scores = rows.stream().mapToDouble(row -> row.getDouble(1)).toArray();
        boolean[] positive = new boolean[scores.length];
        for (int i = 0; i < scores.length; i++)
            positive[i] = rows.get(i).getString(2).equals(positiveClass);
        Map<String, Double> measures = BinaryMeasures.of(scores, positive);
        Map<String, Estimate> intervals = new LinkedHashMap<>();
        if (measures.containsKey("auc")) {
            intervals.put("auc", BinaryMeasures.auc(scores, positive));
            // A bootstrap over every window would take longer than everything else.
            if (newest) {
                intervals.put("average_precision", BinaryMeasures.averagePrecision(scores, positive, ctx.seed()));
            }
        }
        return new Quality(rows.size(), measures, intervals);
    }

    private static Quality several(List<Row> rows) {
        long right = rows.stream()
                .filter(row -> String.valueOf(row.get(1)).equals(row.getString(2)))
                .count();
        return new Quality(rows.size(), Map.of("accuracy", (double) right / rows.size()), Map.of());
    }
}
