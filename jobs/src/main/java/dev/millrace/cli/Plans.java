package dev.millrace.cli;

import dev.millrace.job.JobRunner;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What {@code --dry-run} prints. */
final class Plans {
    private Plans() {}

    static Map<String, Object> toJson(JobRunner.Plan plan) {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("job", plan.job());
        json.put("status", "planned");
        json.put("inputs", plan.inputs());
        json.put("outputs", plan.outputs());
        json.put("fingerprint", plan.fingerprint());
        json.put("up_to_date_since", plan.upToDateSince().orElse(null));
        return json;
    }

    static String toText(JobRunner.Plan plan) {
        String state = plan.upToDateSince()
                .map(run -> "nothing: up to date since run " + run)
                .orElse("run the job");
        return String.format(
                "%s%n  reads   %s%n  writes  %s%n  would   %s%n",
                plan.job(), listed(plan.inputs()), listed(plan.outputs()), state);
    }

    private static String listed(List<String> names) {
        return names.isEmpty() ? "–" : String.join(", ", names);
    }
}
