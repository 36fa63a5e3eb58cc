package dev.millrace.registry.tracking;

import dev.millrace.registry.error.MillraceException;
import java.util.List;
import java.util.regex.Pattern;

/** MLflow's limits on keys and values of runs and experiments. */
final class Limits {
    static final int KEY = 250;
    static final int EXPERIMENT_NAME = 500;
    static final int EXPERIMENT_TAG = 20_000;
    static final int PARAM = 6_000;
    static final int RUN_TAG = 8_000;
    static final int BATCH_METRICS = 1_000;
    static final int BATCH_PARAMS = 100;
    static final int BATCH_TAGS = 100;
    static final int BATCH_TOTAL = 1_000;

    private static final Pattern KEY_CHARACTERS = Pattern.compile("[\\w/.\\- :]*", Pattern.UNICODE_CHARACTER_CLASS);

    private Limits() {}

    /** A key of a param, metric or tag; keys may become file names, so none may mean another place. */
    static String key(String key, String field) {
        length(key, field, KEY);
        if (!KEY_CHARACTERS.matcher(key).matches()) {
            throw MillraceException.invalid("Invalid value \"" + key + "\" for parameter '" + field
                    + "' supplied: Names may only contain alphanumerics, underscores (_), dashes (-), periods (.),"
                    + " spaces ( ), colon(:) and slashes (/).");
        }
        for (String segment : key.split("/", -1)) {
            if (segment.isEmpty() || segment.equals(".") || segment.equals("..")) {
                throw MillraceException.invalid("Invalid value \"" + key + "\" for parameter '" + field
                        + "' supplied: Names may be treated as files in certain cases, and must not resolve to other"
                        + " names when treated as such. This name would resolve to '"
                        + java.nio.file.Path.of("/")
                                .relativize(java.nio.file.Path.of("/" + key).normalize()) + "'");
            }
        }
        return key;
    }

    static String length(String text, String field, int limit) {
        if (text.length() <= limit) return text;
        throw MillraceException.invalid("'" + field + "' exceeds the maximum length of " + limit + " characters: '"
                + text.substring(0, Math.min(50, text.length())) + "...' has " + text.length() + ".");
    }

    /** Long values of params and tags are cut, as MLflow does by default. */
    static String cut(String text, int limit) {
        return text.length() <= limit ? text : text.substring(0, limit);
    }

    static void batch(List<?> metrics, List<?> params, List<?> tags) {
        atMost(metrics.size(), BATCH_METRICS, "metrics");
        atMost(params.size(), BATCH_PARAMS, "params");
        atMost(tags.size(), BATCH_TAGS, "tags");
        int total = metrics.size() + params.size() + tags.size();
        if (total > BATCH_TOTAL) {
            throw MillraceException.invalid("A batch logging request can contain at most " + BATCH_TOTAL
                    + " metrics, params, and tags. Got " + total
                    + ". Please split up metrics, params, and tags across multiple requests and try again.");
        }
    }

    private static void atMost(int count, int limit, String what) {
        if (count <= limit) return;
        throw MillraceException.invalid("A batch logging request can contain at most " + limit + " " + what + ". Got "
                + count + " " + what + ". Please split up " + what + " across multiple requests and try again.");
    }
}
