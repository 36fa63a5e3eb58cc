package dev.millrace.job.registration;

import dev.millrace.engine.measure.BinaryMeasures;
import dev.millrace.engine.measure.MulticlassMeasures;
import dev.millrace.engine.measure.RegressionMeasures;
import dev.millrace.platform.config.Checked;
import dev.millrace.platform.config.Default;
import dev.millrace.platform.config.Doc;
import dev.millrace.platform.config.Min;
import dev.millrace.platform.tracking.ModelUri;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Which version becomes the champion, and what it must have shown.
 *
 * @param min metrics of the version's run that must be at least so large
 * @param max metrics that must be at most so large
 * @param compare metrics that must be better than the champion's; passed when there is no champion
 */
public record PromoteConfig(
        @Doc("name of the registered model") String model,
        @Doc("version to promote; default: the latest") @Min(1) Optional<Integer> version,
        @Doc("alias to assign") @Default("champion") String alias,
        @Doc("lower bounds of metrics") Map<String, Double> min,
        @Doc("upper bounds of metrics") Map<String, Double> max,
        @Doc("metrics to compare with the champion's") List<Compare> compare)
        implements Checked {

    /**
     * @param minGain how much better the version must be; negative = how much worse it may be
     */
    public record Compare(
            @Doc("name of a metric") String metric,
            @Doc("minimum gain over the champion") @Default("0") double minGain) {}

    public PromoteConfig {
        min = Map.copyOf(min);
        max = Map.copyOf(max);
        compare = List.copyOf(compare);
        if (alias.equals("previous")) {
            throw new IllegalArgumentException(
                    "`alias: previous` is reserved for the previous champion; use a different alias");
        }
    }

    @Override
    public void check(Findings findings) {
        ModelUri.nameProblem(model).ifPresent(problem -> findings.add("model", problem));
        min.keySet().stream().sorted().forEach(metric -> suspect("min", metric, findings));
        max.keySet().stream().sorted().forEach(metric -> suspect("max", metric, findings));
        for (int i = 0; i < compare.size(); i++) {
            suspect("compare[" + i + "]", compare.get(i).metric(), findings);
        }
    }

    /** Training logs its measures as {@code test_…}; runs of other tools may have the bare names. */
    private static void suspect(String key, String metric, Findings findings) {
        boolean measure = Stream.of(BinaryMeasures.NAMES, MulticlassMeasures.NAMES, RegressionMeasures.NAMES)
                .anyMatch(names -> names.contains(metric));
        if (measure) {
            findings.warn(
                    key,
                    "names the metric `" + metric + "`, which `train` does not log. Did you mean `test_" + metric
                            + "`?");
        }
    }
}
