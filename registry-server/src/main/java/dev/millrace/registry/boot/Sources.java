package dev.millrace.registry.boot;

import dev.millrace.registry.platform.error.ErrorKind;
import dev.millrace.registry.platform.error.MillraceException;
import dev.millrace.registry.resource.artifacts.ArtifactRoots;
import dev.millrace.registry.resource.comments.CommentService;
import dev.millrace.registry.resource.loggedmodels.LoggedModel;
import dev.millrace.registry.resource.loggedmodels.LoggedModelService;
import dev.millrace.registry.resource.models.ModelSources;
import dev.millrace.registry.resource.models.ModelVersionService;
import dev.millrace.registry.resource.tracking.ExperimentService;
import dev.millrace.registry.resource.tracking.RunInfo;
import dev.millrace.registry.resource.tracking.RunService;
import dev.millrace.registry.security.access.Places;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jdbi.v3.core.Handle;

/** What resources ask of each other: where files are, and what belongs to what. */
final class Sources {
    private Sources() {}

    /** For the model registry. */
    record OfModels(RunService runs, LoggedModelService loggedModels) implements ModelSources {
        @Override
        public String ofRun(String runId) {
            return runs.info(runId).artifactUri();
        }

        @Override
        public Optional<String> findRun(String runId) {
            return runs.find(runId).map(RunInfo::artifactUri);
        }

        @Override
        public LoggedSource ofLoggedModel(String modelId) {
            LoggedModel.Info info = loggedModels.info(modelId);
            return new LoggedSource(info.artifactUri(), info.sourceRunId());
        }

        @Override
        public void addVersion(Handle tx, String modelId, String name, int version) {
            loggedModels.addVersion(tx, modelId, name, version);
        }
    }

    /** For the artifact calls. */
    record OfArtifacts(RunService runs, LoggedModelService loggedModels, ModelVersionService versions)
            implements ArtifactRoots {
        private static final Pattern OF_RUN = Pattern.compile("runs:/+([^/]+)(.*)");

        @Override
        public String ofRun(String runId) {
            return runs.info(runId).artifactUri();
        }

        @Override
        public String ofModelVersion(String name, String version) {
            String location = versions.location(name, version);
            Matcher ofRun = OF_RUN.matcher(location);
            return ofRun.matches() ? ofRun(ofRun.group(1)) + ofRun.group(2) : location;
        }

        @Override
        public String ofLoggedModel(String modelId) {
            return loggedModels.info(modelId).artifactUri();
        }
    }

    /** For the gate. */
    record OfAccess(
            ExperimentService experiments, RunService runs, LoggedModelService loggedModels, CommentService comments)
            implements Places {
        @Override
        public Optional<String> experiment(String experimentId) {
            return found(() -> experiments.get(experimentId).name());
        }

        @Override
        public Optional<String> experimentOfRun(String runId) {
            return found(() -> runs.info(runId).experimentId()).flatMap(this::experiment);
        }

        @Override
        public Optional<String> experimentOfLoggedModel(String modelId) {
            return found(() -> loggedModels.info(modelId).experimentId()).flatMap(this::experiment);
        }

        @Override
        public Optional<String> commentTarget(String commentId) {
            return comments.targetOf(commentId);
        }

        private static Optional<String> found(Supplier<String> asked) {
            try {
                return Optional.of(asked.get());
            } catch (MillraceException refused) {
                // A database that does not answer is no answer to the question what belongs where.
                if (refused.kind() != ErrorKind.NOT_FOUND && refused.kind() != ErrorKind.USAGE) throw refused;
                return Optional.empty();
            }
        }
    }
}
