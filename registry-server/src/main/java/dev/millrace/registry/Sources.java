package dev.millrace.registry;

import dev.millrace.registry.artifacts.ArtifactRoots;
import dev.millrace.registry.loggedmodels.LoggedModel;
import dev.millrace.registry.loggedmodels.LoggedModelService;
import dev.millrace.registry.models.ModelSources;
import dev.millrace.registry.models.ModelVersionService;
import dev.millrace.registry.tracking.RunService;

/** What resources ask of each other: where files are. */
final class Sources {
    private Sources() {}

    /** For the model registry. */
    record OfModels(RunService runs, LoggedModelService loggedModels) implements ModelSources {
        @Override
        public String ofRun(String runId) {
            return runs.info(runId).artifactUri();
        }

        @Override
        public LoggedSource ofLoggedModel(String modelId) {
            LoggedModel.Info info = loggedModels.info(modelId);
            return new LoggedSource(info.artifactUri(), info.sourceRunId());
        }
    }

    /** For the artifact calls. */
    record OfArtifacts(RunService runs, LoggedModelService loggedModels, ModelVersionService versions)
            implements ArtifactRoots {
        @Override
        public String ofRun(String runId) {
            return runs.info(runId).artifactUri();
        }

        @Override
        public String ofModelVersion(String name, String version) {
            return versions.location(name, version);
        }

        @Override
        public String ofLoggedModel(String modelId) {
            return loggedModels.info(modelId).artifactUri();
        }
    }
}
