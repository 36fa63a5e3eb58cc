package dev.millrace.job.registration;

import dev.millrace.platform.config.Checked;
import dev.millrace.platform.config.Doc;
import dev.millrace.platform.tracking.ModelUri;
import java.util.Map;
import java.util.Optional;

/**
 * Which run's model becomes a version.
 *
 * @param run id of a run with a model; the newest of the experiment when absent
 */
public record RegisterConfig(
        @Doc("name of the registered model") String model,
        @Doc("run with the model; default: the latest finished run of the experiment") Optional<String> run,
        @Doc("description of the version") Optional<String> description,
        @Doc("tags of the version") Map<String, String> tags)
        implements Checked {
    public RegisterConfig {
        tags = Map.copyOf(tags);
    }

    @Override
    public void check(Findings findings) {
        ModelUri.nameProblem(model).ifPresent(problem -> findings.add("model", problem));
    }
}
