package dev.millrace.registry.resource.tracking;

import dev.millrace.registry.platform.error.MillraceException;
import dev.millrace.registry.platform.naming.Excerpt;
import dev.millrace.registry.platform.naming.Keys;
import java.util.List;

/** MLflow's limits on keys and values of runs and experiments. */
final class Limits {
    static final int KEY = Keys.LENGTH;
    static final int EXPERIMENT_NAME = 500;
    static final int EXPERIMENT_TAG = 20_000;
    static final int PARAM = 6_000;
    static final int RUN_TAG = 8_000;
    static final int BATCH_METRICS = 1_000;
    static final int BATCH_PARAMS = 100;
    static final int BATCH_TAGS = 100;
    static final int BATCH_TOTAL = 1_000;

    private Limits() {}

    static String key(String key, String field) {
        return Keys.require(key, field, field);
    }

    static String length(String text, String field, int limit) {
        return Keys.length(text, field, limit);
    }

    /** Long values of params and tags are cut, as MLflow does by default. */
    static String cut(String text, int limit) {
        return Excerpt.of(text, limit);
    }

    static void batch(List<?> metrics, List<?> params, List<?> tags) {
        atMost(metrics.size(), BATCH_METRICS, "metrics");
        atMost(params.size(), BATCH_PARAMS, "params");
        atMost(tags.size(), BATCH_TAGS, "tags");
        int total = metrics.size() + params.size() + tags.size();
        if (total > BATCH_TOTAL) {
            throw MillraceException.invalid(
                    "A batch logging request can contain at most " + BATCH_TOTAL
                            + " metrics, params, and tags. Got " + total
                            + " metrics, params, and tags. Please split up metrics, params, and tags across multiple requests and try again.");
        }
    }

    private static void atMost(int count, int limit, String what) {
        if (count <= limit) return;
        throw MillraceException.invalid("A batch logging request can contain at most " + limit + " " + what + ". Got "
                + count + " " + what + ". Please split up " + what + " across multiple requests and try again.");
    }
}
