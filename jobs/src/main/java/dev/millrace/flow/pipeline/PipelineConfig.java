package dev.millrace.flow.pipeline;

import dev.millrace.platform.config.ConfigNode;
import dev.millrace.platform.config.Doc;
import dev.millrace.platform.error.Nearest;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The steps of a pipeline, in the order in which they run. */
public record PipelineConfig(@Doc("what to run, in this order") List<Step> steps) {

    /**
     * One step.
     *
     * @param name its name here, once per pipeline
     * @param job the command
     * @param config path of a job file, relative to the pipeline's, or the job's section itself
     * @param with overrides ({@code score.incremental: true}) and parameters ({@code data: …}) of the job file
     * @param needs earlier steps that must have ended well; without it, all earlier steps
     */
    public record Step(
            @Doc("name of the step") String name,
            @Doc("which command") String job,
            @Doc("path of a job file, or the job's section itself") ConfigNode config,
            @Doc("overrides by dotted path, and parameters") Map<String, Object> with,
            @Doc("earlier steps that must have ended well; default all") List<String> needs) {
        public Step {
            with = java.util.Collections.unmodifiableMap(new LinkedHashMap<>(with));
            needs = List.copyOf(needs);
            if (!name.matches("[A-Za-z0-9][A-Za-z0-9_.-]*")) {
                throw new IllegalArgumentException("`name: " + name + "` may hold letters, digits, `-`, `_` and `.`");
            }
        }
    }

    public PipelineConfig {
        steps = List.copyOf(steps);
        if (steps.isEmpty()) throw new IllegalArgumentException("`steps` must hold at least one step");
        List<String> before = new ArrayList<>();
        for (Step step : steps) {
            if (before.contains(step.name())) {
                throw new IllegalArgumentException("two steps have the name `" + step.name() + "`");
            }
            for (String needed : step.needs()) {
                if (!before.contains(needed)) {
                    throw new IllegalArgumentException("step `" + step.name() + "` needs `" + needed
                            + "`, which is no earlier step." + Nearest.hint(needed, before));
                }
            }
            before.add(step.name());
        }
    }
}
