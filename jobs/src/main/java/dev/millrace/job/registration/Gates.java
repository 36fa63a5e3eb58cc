package dev.millrace.job.registration;

import dev.millrace.engine.measure.Direction;
import dev.millrace.platform.error.Nearest;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * The gates of a promotion, all of them: which fail, in words.
 *
 * @param candidate metrics of the version's run
 * @param champion metrics of the champion's run; empty when there is none
 */
record Gates(PromoteConfig config, Map<String, Double> candidate, Optional<Map<String, Double>> champion) {

    List<String> failures() {
        List<String> failures = new ArrayList<>();
        new TreeMap<>(config.min()).forEach((metric, least) -> bound(failures, metric, least, ">="));
        new TreeMap<>(config.max()).forEach((metric, most) -> bound(failures, metric, most, "<="));
        if (champion.isPresent()) config.compare().forEach(compare -> gain(failures, compare, champion.get()));
        return failures;
    }

    private void bound(List<String> failures, String metric, double limit, String relation) {
        Double seen = candidate.get(metric);
        if (seen == null) {
            failures.add(missing(metric, candidate, "the version's run"));
            return;
        }
        boolean kept = relation.equals(">=") ? seen >= limit : seen <= limit;
        if (!kept)
            failures.add("`" + metric + " " + relation + " " + text(limit) + "` failed (it is " + text(seen) + ")");
    }

    private void gain(List<String> failures, PromoteConfig.Compare compare, Map<String, Double> before) {
        Double now = candidate.get(compare.metric());
        Double then = before.get(compare.metric());
        if (now == null) failures.add(missing(compare.metric(), candidate, "the version's run"));
        else if (then == null) failures.add(missing(compare.metric(), before, "the champion's run"));
        else {
            double gain = Direction.of(compare.metric()).gain(then, now);
            if (!(gain >= compare.minGain())) {
                failures.add("`" + compare.metric() + "` gains " + text(gain) + ", less than " + text(compare.minGain())
                        + " (champion " + text(then) + ", challenger " + text(now) + ")");
            }
        }
    }

    private static String missing(String metric, Map<String, Double> known, String where) {
        return "`" + metric + "` is not among the metrics of " + where + Nearest.hint(metric, known.keySet());
    }

    private static String text(double value) {
        return String.format(Locale.ROOT, "%.4f", value);
    }
}
