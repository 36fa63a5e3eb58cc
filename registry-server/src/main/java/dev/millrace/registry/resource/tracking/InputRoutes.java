package dev.millrace.registry.resource.tracking;

import static dev.millrace.registry.security.access.Rule.log;
import static dev.millrace.registry.security.access.Rule.view;
import static dev.millrace.registry.security.access.Where.experiments;
import static dev.millrace.registry.security.access.Where.loggedModels;
import static dev.millrace.registry.security.access.Where.runs;

import dev.millrace.registry.platform.error.MillraceException;
import dev.millrace.registry.platform.http.Fields;
import dev.millrace.registry.platform.http.MlflowApi;
import dev.millrace.registry.security.audit.Act;
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

    public void register(MlflowApi<Act> api) {
        api.command(
                        HandlerType.POST,
                        "/runs/log-inputs",
                        request -> inputs.logInputs(
                                request.runId(),
                                request.items("datasets", InputRoutes::input),
                                request.items("models", model -> new Run.ModelInput(model.requiredText("model_id")))),
                        log(runs()).whoSees(loggedModels("models[].model_id")),
                        RunRoutes.CHANGED)
                .command(
                        HandlerType.POST,
                        "/runs/outputs",
                        request -> inputs.logOutputs(
                                request.runId(),
                                request.requiredItems(
                                        "models",
                                        model -> new Run.ModelOutput(
                                                model.requiredText("model_id"),
                                                model.integer("step").orElse(0L)))),
                        log(runs().and(loggedModels("models[].model_id"))),
                        RunRoutes.CHANGED)
                .post("/experiments/search-datasets", this::searchDatasets, view(experiments("experiment_ids")));
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
