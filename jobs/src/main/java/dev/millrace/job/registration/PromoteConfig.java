package dev.millrace.job.registration;

import dev.millrace.platform.config.Default;
import dev.millrace.platform.config.Doc;
import dev.millrace.platform.config.Min;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Which version becomes the champion, and what it must have shown.
 *
 * @param min metrics of the version's run that must be at least so large
 * @param max metrics that must be at most so large
 * @param compare metrics that must be better than the champion's; passed when there is no champion
 */
public record PromoteConfig(
        @Doc("name of the registered model") String model,
        @Doc("version to promote; default the newest") @Min(1) Optional<Integer> version,
        @Doc("alias to give it") @Default("champion") String alias,
        @Doc("least values of metrics") Map<String, Double> min,
        @Doc("greatest values of metrics") Map<String, Double> max,
        @Doc("metrics compared with the champion's") List<Compare> compare) {

    /**
     * @param minGain how much better the version must be; negative = how much worse it may be
     */
    public record Compare(
            @Doc("name of a metric") String metric,
            @Doc("least gain over the champion") @Default("0") double minGain) {}

    public PromoteConfig {
        min = Map.copyOf(min);
        max = Map.copyOf(max);
        compare = List.copyOf(compare);
        if (alias.equals("previous")) {
            throw new IllegalArgumentException("`alias: previous` is kept for the version promoted before");
        }
    }
}
