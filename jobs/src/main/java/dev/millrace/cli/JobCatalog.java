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
            Map.entry("generate", "Simulate card payments and their labels, with fraud and drift."),
            Map.entry("ingest", "Ingest new files into a Delta table, exactly once; quarantine invalid records."),
            Map.entry("eda", "Profile a table: statistics per column and an HTML report."),
            Map.entry("dedup", "Remove duplicates: one row per key, the latest."),
            Map.entry("transform", "Create a table from declared SQL over pinned tables."),
            Map.entry("features", "Compute windowed features, point-in-time correct."),
            Map.entry("training-set", "Join rows, labels and features, point-in-time correct."),
            Map.entry("train", "Train a model and write its model directory."),
            Map.entry("tune", "Search for better hyperparameters, with parallel trials."),
            Map.entry("evaluate", "Evaluate a model on labelled rows, with confidence intervals and plots."),
            Map.entry("register", "Create a version of a registered model from the model of a run."),
            Map.entry("promote", "Assign an alias to a model version that passes its gates."),
            Map.entry("score", "Score a table with a model."),
            Map.entry("monitor", "Measure drift against the training data."),
            Map.entry("retrain", "If data drifts: train a challenger, promote it or keep the champion."));

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
