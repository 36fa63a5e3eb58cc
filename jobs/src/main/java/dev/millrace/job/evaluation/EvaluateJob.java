package dev.millrace.job.evaluation;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.millrace.engine.evaluation.EvaluateReport;
import dev.millrace.engine.evaluation.JudgedSource;
import dev.millrace.engine.evaluation.JudgedTable;
import dev.millrace.engine.evaluation.Workplace;
import dev.millrace.engine.measure.Estimate;
import dev.millrace.engine.measure.Judged;
import dev.millrace.engine.measure.Scorecard;
import dev.millrace.engine.model.ModelDirectory;
import dev.millrace.engine.onnx.Target;
import dev.millrace.engine.truth.LabelSource;
import dev.millrace.job.Job;
import dev.millrace.job.JobContext;
import dev.millrace.platform.error.ErrorKind;
import dev.millrace.platform.error.MillraceException;
import dev.millrace.platform.tracking.ResolvedModel;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.apache.spark.api.java.JavaSparkContext;

/**
 * Judges a model on rows whose truth is known: it scores the table, or takes predictions this version made before. At
 * most half a million rows, those with the smallest hashes. See docs/jobs/evaluate.md.
 */
public final class EvaluateJob implements Job<EvaluateConfig, EvaluateResult> {
    private static final ObjectMapper JSON = new ObjectMapper();

    @Override
    public String name() {
        return "evaluate";
    }

    @Override
    public Class<EvaluateConfig> configType() {
        return EvaluateConfig.class;
    }

    @Override
    public boolean asksRegistry(EvaluateConfig config) {
        return ResolvedModel.isInRegistry(config.model().text());
    }

    @Override
    public List<String> alsoDependsOn(EvaluateConfig config, JobContext ctx) {
        return ModelDirectory.identities(ctx.registry().resolve(config.model().text()));
    }

    @Override
    public EvaluateResult run(EvaluateConfig config, JobContext ctx) {
        ResolvedModel resolved = ctx.registry().resolve(config.model().text());
        ModelDirectory model = ModelDirectory.open(ctx.registry().download(resolved));
        String label = label(config, model);
        ctx.progress().step("evaluating " + resolved.printed() + " on " + judgedTable(config));
        JudgedTable table = new JudgedSource(config, place(ctx), resolved, model, label).collect();
        if (table.unknownClass() > 0) {
            ctx.progress()
                    .warn(String.format(
                            Locale.ROOT,
                            "%,d rows have a label of a class that the model was not trained on; they are left out.",
                            table.unknownClass()));
        }
        Target target = model.info().target();
        Scorecard whole = card(config, ctx, table.judged());
        Map<String, Map<String, Scorecard>> slices = new LinkedHashMap<>();
        for (int i = 0; i < config.slices().size(); i++) {
            Map<String, Scorecard> values = new LinkedHashMap<>();
            for (String value : table.valuesOf(i)) values.put(value, card(config, ctx, table.only(i, value)));
            slices.put(config.slices().get(i), values);
        }
        whole.metrics("").forEach(ctx.run()::metric);
        ctx.run().metric("rows", (double) whole.rows());
        ctx.run().metric("rows_of_unknown_class", (double) table.unknownClass());
        ctx.run().artifactText("evaluation/metrics.json", json(resolved, table.owner(), whole, slices));
        ctx.run()
                .artifactText(
                        "evaluation/index.html",
                        new EvaluateReport(resolved.printed() + " on " + table.owner(), target, config.threshold())
                                .html(table.judged(), whole, slices));
        return new EvaluateResult(
                resolved.printed(), new EvaluateResult.Scores(whole.rows(), whole.measures(), whole.printed("")));
    }

    private static Workplace place(JobContext ctx) {
        return new Workplace(
                ctx.tables(),
                JavaSparkContext.fromSparkContext(ctx.spark().sparkContext()),
                ctx.home(),
                ctx.clock().instant());
    }

    private static String judgedTable(EvaluateConfig config) {
        return config.predictions().or(config::table).orElseThrow().table();
    }

    private static Scorecard card(EvaluateConfig config, JobContext ctx, Judged judged) {
        return Scorecard.of(judged, config.threshold(), ctx.seed(), Scorecard.Intervals.ALL);
    }

    private static String label(EvaluateConfig config, ModelDirectory model) {
        return config.labels()
                .flatMap(LabelSource::column)
                .or(config::label)
                .or(() -> model.info().label())
                .orElseThrow(() -> new MillraceException(
                        ErrorKind.CONFIG,
                        "The model in " + model.folder()
                                + " does not specify its label column. Add `label` to the `evaluate` section."));
    }

    private static String json(
            ResolvedModel model, String table, Scorecard whole, Map<String, Map<String, Scorecard>> slices) {
        ObjectNode root = JSON.createObjectNode();
        root.put("model", model.printed()).put("table", table);
        card(root, whole);
        ArrayNode list = root.putArray("slices");
        slices.forEach((key, values) -> values.forEach(
                (value, slice) -> card(list.addObject().put("slice_key", key).put("slice_value", value), slice)));
        return root.toPrettyString() + "\n";
    }

    private static void card(ObjectNode node, Scorecard card) {
        node.put("rows", card.rows());
        ObjectNode measures = node.putObject("measures");
        card.measures().forEach((name, value) -> {
            if (Double.isFinite(value)) measures.put(name, value);
            else measures.putNull(name);
        });
        ObjectNode intervals = node.putObject("intervals_95");
        for (Map.Entry<String, Estimate> interval : card.intervals().entrySet()) {
            intervals
                    .putArray(interval.getKey())
                    .add(interval.getValue().low())
                    .add(interval.getValue().high());
        }
    }
}
