package dev.millrace.registry.platform.http;

import dev.millrace.registry.platform.error.MillraceException;
import java.util.Arrays;
import java.util.stream.Collectors;

/**
 * Relative paths from outside. Jetty hands them over decoded once and not normalised ({@code ..}, doubled slashes and
 * backslashes included), so nothing is taken that could mean another place.
 */
public final class SafePath {
    private SafePath() {}

    /**
     * Clients write {@code .} for the root and {@code ./x} for {@code x}; such segments are dropped first.
     *
     * @param path slash-separated; empty is the root itself
     * @return the path without {@code .} segments; only it may be used from here on
     * @throws MillraceException USAGE for an absolute path, a segment that is empty or {@code ..}, a backslash, a control
     *     character, a drive letter, or anything still percent-encoded to one of these or to {@code .}
     */
    public static String require(String path) {
        String plain = withoutDots(path);
        if (!plain.isEmpty() && isUnsafe(plain)) throw invalid();
        return plain;
    }

    private static String withoutDots(String path) {
        if (path.indexOf('.') < 0) return path;
        return Arrays.stream(path.split("/", -1))
                .filter(segment -> !segment.equals("."))
                .collect(Collectors.joining("/"));
    }

    private static boolean isUnsafe(String path) {
        String decoded = path;
        for (int round = 0; round < 4; round++) {
            if (hasUnsafePart(decoded)) return true;
            String again = decodedOnce(decoded);
            if (again.equals(decoded)) return false;
            decoded = again;
        }
        return true;
    }

    private static boolean hasUnsafePart(String path) {
        if (path.chars().anyMatch(c -> c < 0x20 || c == 0x7f || c == '\\')) return true;
        if (path.matches("(?s)[A-Za-z]:/.*")) return true;
        for (String segment : path.split("/", -1)) {
            if (segment.isEmpty() || segment.equals(".") || segment.equals("..")) return true;
        }
        return false;
    }

    /** Only what could hide a separator or a dot: {@code %2e %2f %5c %25} and control characters. */
    private static String decodedOnce(String path) {
        return path.replaceAll("(?i)%2e", ".")
                .replaceAll("(?i)%2f", "/")
                .replaceAll("(?i)%5c", "\\\\")
                .replaceAll("(?i)%[01][0-9a-f]", "\u0001")
                .replaceAll("%25", "%");
    }

    private static MillraceException invalid() {
        return MillraceException.invalid("Invalid path");
    }
}
