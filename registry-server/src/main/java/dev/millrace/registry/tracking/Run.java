package dev.millrace.registry.tracking;

import java.util.List;
import java.util.Optional;

/** A run as MLflow writes it. */
record Run(RunInfo info, RunData data, Inputs inputs, Optional<Outputs> outputs) {

    /** As MLflow answers a creation: without what cannot be there yet. */
    Run justCreated() {
        return new Run(info, data, inputs, Optional.empty());
    }

    /** What the run read. */
    record Inputs(List<DatasetInput> datasetInputs, List<ModelInput> modelInputs) {}

    /** What the run made. */
    record Outputs(List<ModelOutput> modelOutputs) {}

    /** A logged model that was read. */
    record ModelInput(String modelId) {}

    /** A logged model that was made, at a step. */
    record ModelOutput(String modelId, long step) {}
}
