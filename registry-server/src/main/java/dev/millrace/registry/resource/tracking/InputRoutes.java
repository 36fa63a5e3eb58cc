package dev.millrace.registry.resource.tracking;

import dev.millrace.registry.platform.error.MillraceException;
import dev.millrace.registry.platform.http.Fields;
import dev.millrace.registry.platform.http.MlflowApi;
import io.javalin.http.HandlerType;
import java.util.List;
import java.util.Map;

/** {@code runs/log-inputs}, {@code runs/outputs}, {@code experiments/search-datasets}. */
public final class InputRoutes {
    private static final int EXPERIMENTS = 20;

    private final InputService inputs;

    public InputRoutes(InputService inputs) {
        this.inputs = inputs;
    }

    public void register(MlflowApi api) {
        api.command(
                        HandlerType.POST,
                        "/runs/log-inputs",
                        request -> inputs.logInputs(
                                request.runId(),
                                request.items("datasets", InputRoutes::input),
                                request.items("models", model -> new Run.ModelInput(model.requiredText("model_id")))))
                .command(
                        HandlerType.POST,
                        "/runs/outputs",
                        request -> inputs.logOutputs(
                                request.runId(),
                                request.requiredItems(
                                        "models",
                                        model -> new Run.ModelOutput(
                                                model.requiredText("model_id"),
                                                model.integer("step").orElse(0L)))))
                .post("/experiments/search-datasets", this::searchDatasets);
    }

    private static DatasetInput input(Fields request) {
        Fields dataset = request.object("dataset");
        return new DatasetInput(
                request.items("tags", ExperimentRoutes::tag),
                new Dataset(
                        dataset.requiredText("name"),
                        dataset.requiredText("digest"),
                        dataset.requiredText("source_type"),
                        dataset.requiredText("source"),
                        dataset.text("schema"),
                        dataset.text("profile")));
    }

    private Object searchDatasets(Fields request) {
        List<String> experiments = request.texts("experiment_ids");
        if (experiments.isEmpty()) {
            throw MillraceException.invalid("SearchDatasets request must specify at least one experiment_id.");
        }
        if (experiments.size() > EXPERIMENTS) {
            throw MillraceException.invalid("SearchDatasets request cannot specify more than " + EXPERIMENTS
                    + " experiment_ids. Received " + experiments.size() + " experiment_ids.");
        }
        List<DatasetSummary> found = inputs.datasets(experiments);
        return found.isEmpty() ? Map.of() : Map.of("dataset_summaries", found);
    }
}
