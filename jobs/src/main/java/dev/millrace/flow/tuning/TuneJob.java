package dev.millrace.flow.tuning;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.millrace.engine.measure.Direction;
import dev.millrace.engine.split.Split;
import dev.millrace.job.Job;
import dev.millrace.job.JobContext;
import dev.millrace.job.training.TrainConfig;
import dev.millrace.job.training.TrainJob;
import dev.millrace.job.training.TrainResult;
import dev.millrace.platform.error.ErrorKind;
import dev.millrace.platform.error.MillraceException;
import dev.millrace.platform.error.Nearest;
import dev.millrace.platform.tracking.Run;
import dev.millrace.platform.tracking.RunStatus;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletionService;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorCompletionService;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.apache.spark.SparkContext;

/**
 * Tries params, each in a child run, and trains the best once more on all training rows: that model is the run's own.
 * Trials are chosen by validation rows taken from the training rows; the test rows see the winner only. A finished trial
 * of the same table version, declaration and seed is not run again. See docs/jobs/tune.md.
 */
public final class TuneJob implements Job<TuneConfig, TuneResult> {
    private static final ObjectMapper JSON = new ObjectMapper();

    @Override
    public String name() {
        return "tune";
    }

    @Override
    public Class<TuneConfig> configType() {
        return TuneConfig.class;
    }

    @Override
    public TuneResult run(TuneConfig config, JobContext ctx) {
        List<Map<String, Object>> points = config.search().points(ctx.seed());
        List<Trial> done = new ArrayList<>();
        List<Callable<Trial>> open = new ArrayList<>();
        List<String> tables = TrainJob.read(config.train(), ctx);
        for (int i = 0; i < points.size(); i++) {
            int number = i;
            Map<String, Object> params = points.get(i);
            String fingerprint = Trial.fingerprint(config, tables, params, ctx);
            Optional<Trial> kept = Trial.kept(ctx.home(), fingerprint, number, params);
            if (kept.isPresent()) done.add(kept.get());
            else open.add(() -> tried(config, ctx, number, params, fingerprint));
        }
        ctx.progress()
                .step(points.size() + " trials, " + done.size() + " of them finished before, " + config.parallel()
                        + " at a time");
        int before = done.size();
        done.addAll(inParallel(open, config.parallel(), ctx));
        Trial best = best(done, config.metric());
        record(ctx, done, best, config.metric());
        ctx.progress().step("training the best parameters: " + best.params());
        TrainConfig winner = config.train().withParams(best.params(), TrainConfig.Switch.ON);
        TrainResult trained = new TrainJob().run(winner, ctx, Optional.of(chosenBy(config)));
        return new TuneResult(trained, best.params(), best.score(), points.size(), before);
    }

    private static Trial tried(
            TuneConfig config, JobContext ctx, int number, Map<String, Object> params, String fingerprint) {
        Run child = ctx.run().child("trial " + number);
        try {
            params.forEach((name, value) -> child.param("params." + name, value));
            child.tag("millrace.trial", String.valueOf(number));
            TrainConfig trial =
                    config.train().withParams(params, TrainConfig.Switch.OFF).withSplit(chosenBy(config));
            TrainResult result = new TrainJob().run(trial, ctx.withRun(child));
            Trial finished = new Trial(number, child.id(), params, score(result, config.metric()));
            child.metric("validation_" + config.metric(), finished.score());
            child.end(RunStatus.FINISHED);
            finished.keep(ctx.home(), fingerprint);
            return finished;
        } catch (Exception failed) {
            child.tag("millrace.error", String.valueOf(failed.getMessage()));
            child.end(RunStatus.FAILED);
            throw failed;
        }
    }

    private static Split chosenBy(TuneConfig config) {
        return new Split.Validation(config.train().split(), config.validationShare());
    }

    private static double score(TrainResult result, String metric) {
        Double score = result.measures().get("test_" + metric);
        if (score != null) return score;
        List<String> known = result.measures().keySet().stream()
                .map(name -> name.substring("test_".length()))
                .toList();
        throw new MillraceException(
                ErrorKind.CONFIG,
                "`tune.metric` (" + metric + ") is not a metric of this training." + Nearest.hint(metric, known)
                        + " Known: " + String.join(", ", known) + ".");
    }

    /**
     * The first failure, whichever trial it is, stops the search: trials that have not begun are dropped, those that run
     * are cancelled and waited for, so that nothing is written once the search has ended.
     */
    private static List<Trial> inParallel(List<Callable<Trial>> open, int parallel, JobContext ctx) {
        SparkContext spark = ctx.spark().sparkContext();
        String group = "tune " + ctx.run().id();
        ExecutorService threads = Executors.newFixedThreadPool(parallel);
        CompletionService<Trial> ended = new ExecutorCompletionService<>(threads);
        List<Future<Trial>> futures = new ArrayList<>();
        try {
            for (Callable<Trial> trial : open) {
                futures.add(ended.submit(() -> {
                    spark.setJobGroup(group, "a trial", false);
                    return trial.call();
                }));
            }
            List<Trial> finished = new ArrayList<>();
            for (int i = 0; i < open.size(); i++) finished.add(ended.take().get());
            return finished;
        } catch (ExecutionException failed) {
            if (failed.getCause() instanceof RuntimeException told) throw told;
            throw new IllegalStateException("A trial failed", failed.getCause());
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
            throw new MillraceException(
                    ErrorKind.TEMPORARY, "The search was interrupted; run it again to continue.", stopped);
        } finally {
            futures.forEach(future -> future.cancel(false));
            threads.shutdown();
            awaitEnd(threads, spark, group);
        }
    }

    /** A trial may begin one job after another until it fails on one that was cancelled. */
    private static void awaitEnd(ExecutorService threads, SparkContext spark, String group) {
        boolean interrupted = false;
        while (!threads.isTerminated()) {
            spark.cancelJobGroup(group);
            try {
                threads.awaitTermination(1, TimeUnit.SECONDS);
            } catch (InterruptedException again) {
                interrupted = true;
            }
        }
        if (interrupted) Thread.currentThread().interrupt();
    }

    /** Ties go to the earlier trial. */
    private static Trial best(List<Trial> trials, String metric) {
        boolean higher = Direction.of(metric) == Direction.HIGHER_IS_BETTER;
        Comparator<Trial> byScore = Comparator.comparingDouble(Trial::score);
        return trials.stream()
                .min((higher ? byScore.reversed() : byScore).thenComparingInt(Trial::number))
                .orElseThrow();
    }

    private static void record(JobContext ctx, List<Trial> trials, Trial best, String metric) {
        ArrayNode table = JSON.createArrayNode();
        trials.stream().sorted(Comparator.comparingInt(Trial::number)).forEach(trial -> {
            ObjectNode row = table.addObject();
            row.put("trial", trial.number()).put("run_id", trial.runId());
            row.put("validation_" + metric, trial.score());
            row.set("params", JSON.valueToTree(trial.params()));
        });
        ctx.run().artifactText("trials.json", table.toPrettyString() + "\n");
        ctx.run().metric("validation_" + metric, best.score());
        ctx.run().metric("trials", trials.size());
        best.params().forEach((name, value) -> ctx.run().param("best." + name, value));
        ctx.run().tag("millrace.best_trial", best.runId() + String.format(Locale.ROOT, " (%.6f)", best.score()));
    }
}
