package dev.millrace.platform.config;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;

/** Keeps passwords out of logs, runs and messages. */
public final class Secrets {
    private static final Pattern SECRET =
            Pattern.compile(".*(password|passwd|secret|token|credential|access[-_.]?key|api[-_.]?key).*");
    private static final String MASK = "********";

    private Secrets() {}

    /** Whether a key of this name holds something that must not be shown. */
    public static boolean isSecret(String key) {
        return SECRET.matcher(key.toLowerCase(Locale.ROOT)).matches();
    }

    /** {@code value} (as of {@link ConfigNode#plain}) with every scalar below a secret key replaced. */
    public static Object masked(Object value) {
        if (value instanceof Map<?, ?> map) {
            Map<String, Object> copy = new LinkedHashMap<>();
            map.forEach((key, inner) ->
                    copy.put(String.valueOf(key), isSecret(String.valueOf(key)) ? MASK : masked(inner)));
            return copy;
        }
        return value instanceof List<?> list
                ? list.stream().map(Secrets::masked).toList()
                : value;
    }
}
