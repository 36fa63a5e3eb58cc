package dev.millrace.flow.pipeline;

import dev.millrace.platform.config.ConfigNode;
import dev.millrace.platform.config.Doc;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The steps of a pipeline, in the order in which they run. Rules between steps, and what is in their files, are checked
 * by {@link Pipeline#read}, which knows every step's line.
 */
public record PipelineConfig(@Doc("steps, in the order in which they run") List<Step> steps) {

    /**
     * One step.
     *
     * @param name its name here, once per pipeline
     * @param job the command
     * @param config path of a job file, relative to the pipeline's, or the job's section itself
     * @param with overrides ({@code score.incremental: true}) and parameters ({@code data: …}) of the job file
     * @param needs earlier steps that must have ended well; an empty list: none; absent: all earlier steps
     */
    public record Step(
            @Doc("name of the step") String name,
            @Doc("job that the step runs") String job,
            @Doc("path of a job file, or the section of the job") ConfigNode config,
            @Doc("overrides by dotted path, and parameters") Map<String, Object> with,
            @Doc("earlier steps that must succeed first; [] for none; default: all") Optional<List<String>> needs) {
        public Step {
            with = java.util.Collections.unmodifiableMap(new LinkedHashMap<>(with));
            needs = needs.map(List::copyOf);
            if (!name.matches("[A-Za-z0-9][A-Za-z0-9_.-]*")) {
                throw new IllegalArgumentException(
                        "`name: " + name + "` is invalid: use letters, digits, `-`, `_` and `.`");
            }
        }
    }

    public PipelineConfig {
        steps = List.copyOf(steps);
        if (steps.isEmpty()) throw new IllegalArgumentException("`steps` is empty; list at least one step");
    }
}
