package dev.millrace.registry.platform.naming;

import dev.millrace.registry.platform.error.MillraceException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.regex.Pattern;

/** MLflow's rules for keys of params, metrics and tags, with its messages ({@code mlflow/utils/validation.py}). */
public final class Keys {
    /** Longest key, in characters. */
    public static final int LENGTH = 250;

    private static final Pattern CHARACTERS = Pattern.compile("[\\w/.\\- :]*", Pattern.UNICODE_CHARACTER_CLASS);

    private Keys() {}

    /**
     * Keys may become file names, so none may mean another place.
     *
     * @param field where the key stands in the request
     * @param told what a message about the length calls it
     * @throws MillraceException USAGE
     */
    public static String require(String key, String field, String told) {
        if (!CHARACTERS.matcher(key).matches()) {
            throw MillraceException.invalid("Invalid value \"" + key + "\" for parameter '" + field
                    + "' supplied: Names may only contain alphanumerics, underscores (_), dashes (-), periods (.),"
                    + " spaces ( ), colon(:) and slashes (/).");
        }
        requireOnePlace(key, field);
        return length(key, told, LENGTH);
    }

    /** Refuses what would be another path when read as one: {@code ..}, {@code a//b}, {@code /a}, nothing. */
    public static void requireOnePlace(String name, String field) {
        for (String segment : name.split("/", -1)) {
            if (segment.isEmpty() || segment.equals(".") || segment.equals("..")) {
                throw MillraceException.invalid("Invalid value \"" + name + "\" for parameter '" + field
                        + "' supplied: Names may be treated as files in certain cases, and must not resolve to other"
                        + " names when treated as such. This name would resolve to '" + normalised(name) + "'");
            }
        }
    }

    /** As POSIX shortens a path: without empty parts and dots, and with what goes up taken back where it can be. */
    private static String normalised(String path) {
        Deque<String> parts = new ArrayDeque<>();
        boolean absolute = path.startsWith("/");
        for (String part : path.split("/", -1)) {
            if (part.isEmpty() || part.equals(".")) continue;
            boolean up = part.equals("..") && (absolute || !parts.isEmpty()) && !"..".equals(parts.peekLast());
            if (!up) parts.addLast(part);
            else parts.pollLast();
        }
        String joined = String.join("/", parts);
        if (absolute) return "/" + joined;
        return joined.isEmpty() ? "." : joined;
    }

    /** @throws MillraceException USAGE, with the beginning of a text that is too long */
    public static String length(String text, String told, int limit) {
        if (text.length() <= limit) return text;
        throw MillraceException.invalid("'" + told + "' exceeds the maximum length of " + limit + " characters: '"
                + Excerpt.of(text, 50) + "...' has " + text.length() + ".");
    }
}
