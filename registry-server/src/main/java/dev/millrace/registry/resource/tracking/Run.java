package dev.millrace.registry.resource.tracking;

import dev.millrace.registry.platform.search.Sized;
import java.util.List;
import java.util.Optional;

/** A run as MLflow writes it. */
record Run(RunInfo info, RunData data, Inputs inputs, Optional<Outputs> outputs) implements Sized {
    @Override
    public long size() {
        long made = outputs.map(all -> all.modelOutputs().size()).orElse(0);
        return 500
                + data.size()
                + 64L * (inputs.modelInputs().size() + made)
                + inputs.datasetInputs().stream().mapToLong(DatasetInput::size).sum();
    }

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
