package dev.millrace.registry.resource.tracking;

import dev.millrace.registry.platform.storage.Database;
import dev.millrace.registry.platform.storage.Tag;
import java.util.List;

/** What runs read and made: datasets and logged models. Saying the same twice changes nothing. */
public final class InputService {
    private final Database database;
    private final RunService runs;
    private final InputRepository repository = new InputRepository();

    public InputService(Database database, RunService runs) {
        this.database = database;
        this.runs = runs;
    }

    void logInputs(String runId, List<DatasetInput> datasets, List<Run.ModelInput> models) {
        datasets.forEach(InputService::requireValid);
        database.change(tx -> {
            StoredRun run = runs.requireActive(tx, runId);
            long experimentId = Long.parseLong(run.info().experimentId());
            for (DatasetInput input : datasets) {
                long dataset = repository.dataset(tx, experimentId, input.dataset());
                repository.add(tx, run.id(), dataset, input.tags());
            }
            models.forEach(model -> repository.model(tx, run.id(), "in", model.modelId(), 0));
        });
    }

    void logOutputs(String runId, List<Run.ModelOutput> models) {
        database.change(tx -> {
            StoredRun run = runs.requireActive(tx, runId);
            models.forEach(model -> repository.model(tx, run.id(), "out", model.modelId(), model.step()));
        });
    }

    List<DatasetSummary> datasets(List<String> experimentIds) {
        List<Long> ids = experimentIds.stream().map(ExperimentService::number).toList();
        if (ids.isEmpty()) return List.of();
        return database.read(tx -> repository.summaries(tx, ids));
    }

    private static void requireValid(DatasetInput input) {
        Limits.length(input.dataset().name(), "name", 500);
        Limits.length(input.dataset().digest(), "digest", 36);
        Limits.length(input.dataset().source(), "source", 65_535);
        input.dataset().schema().ifPresent(schema -> Limits.length(schema, "schema", 1_048_575));
        input.dataset().profile().ifPresent(profile -> Limits.length(profile, "profile", 16_777_215));
        for (Tag tag : input.tags()) {
            Limits.length(tag.key(), "key", 255);
            Limits.length(tag.value(), "value", 500);
        }
    }
}
