package dev.millrace.cli;

import dev.millrace.flow.retraining.RetrainJob;
import dev.millrace.flow.tuning.TuneJob;
import dev.millrace.job.Job;
import dev.millrace.job.dedup.DedupJob;
import dev.millrace.job.eda.EdaJob;
import dev.millrace.job.evaluation.EvaluateJob;
import dev.millrace.job.features.FeaturesJob;
import dev.millrace.job.generate.GenerateJob;
import dev.millrace.job.ingest.IngestJob;
import dev.millrace.job.monitoring.MonitorJob;
import dev.millrace.job.registration.PromoteJob;
import dev.millrace.job.registration.RegisterJob;
import dev.millrace.job.scoring.ScoreJob;
import dev.millrace.job.training.TrainJob;
import dev.millrace.job.trainingset.TrainingSetJob;
import dev.millrace.job.transform.TransformJob;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The jobs there are, in the order of a model's life. */
final class JobCatalog {
    private static final Map<String, String> DESCRIPTIONS = Map.ofEntries(
            Map.entry("generate", "Make card transactions and their labels, with fraud and drift."),
            Map.entry("ingest", "Take new files into a Delta table, exactly once, bad rows apart."),
            Map.entry("eda", "Profile a table: statistics per column and an HTML report."),
            Map.entry("dedup", "Keep one row per key: the latest."),
            Map.entry("transform", "Write a table from SQL over pinned tables."),
            Map.entry("features", "Compute windowed features, correct in time."),
            Map.entry("training-set", "Join labels with the features known at their time."),
            Map.entry("train", "Train one model and write its model directory."),
            Map.entry("tune", "Search for better parameters, trials in parallel."),
            Map.entry("evaluate", "Measure a model on labelled rows, with intervals and plots."),
            Map.entry("register", "Make a version of a registered model from a run's model."),
            Map.entry("promote", "Point an alias at a version, when its gates hold."),
            Map.entry("score", "Score a table by a model."),
            Map.entry("monitor", "Measure drift against the training data."),
            Map.entry("retrain", "On drift: train a challenger, compare, promote or keep."));

    private JobCatalog() {}

    static Map<String, Job<?, ?>> jobs() {
        Map<String, Job<?, ?>> byName = new LinkedHashMap<>();
        List<Job<?, ?>> all = List.of(
                new GenerateJob(),
                new IngestJob(),
                new EdaJob(),
                new DedupJob(),
                new TransformJob(),
                new FeaturesJob(),
                new TrainingSetJob(),
                new TrainJob(),
                new TuneJob(),
                new EvaluateJob(),
                new RegisterJob(),
                new PromoteJob(),
                new ScoreJob(),
                new MonitorJob(),
                new RetrainJob());
        all.forEach(job -> byName.put(job.name(), job));
        return byName;
    }

    static String description(String job) {
        return DESCRIPTIONS.get(job);
    }
}
