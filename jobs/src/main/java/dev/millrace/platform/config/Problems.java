package dev.millrace.platform.config;

import dev.millrace.platform.error.ErrorKind;
import dev.millrace.platform.error.MillraceException;
import java.util.ArrayList;
import java.util.List;

/** Gathers everything wrong with a config, to be reported at once. Not thread-safe. */
public final class Problems {
    private final List<String> messages = new ArrayList<>();
    private final List<String> warnings = new ArrayList<>();

    /**
     * @param where the line at fault
     * @param key the dotted path of the key, or empty for the file as a whole
     * @param message what is wrong, what was expected, what to do
     */
    public void add(Where where, String key, String message) {
        messages.add(where + ": " + (key.isEmpty() ? "" : "`" + key + "` ") + message);
    }

    /**
     * Takes over what was found in a part.
     *
     * @param part named before each message, such as a pipeline's step
     */
    public void addAll(String part, Problems others) {
        others.messages.forEach(message -> messages.add(part + ": " + message));
        others.warnings.forEach(warning -> warnings.add(part + ": " + warning));
    }

    /** Takes over the message of an error, such as a file that cannot be read. */
    public void add(String part, MillraceException wrong) {
        messages.add(part + ": " + wrong.getMessage());
    }

    /** Something that is accepted now and should be changed; never makes {@link #throwIfAny} throw. */
    public void warn(Where where, String key, String message) {
        warnings.add(where + ": `" + key + "` " + message);
    }

    /** All warnings, in the order they were found. */
    public List<String> warnings() {
        return List.copyOf(warnings);
    }

    public boolean isEmpty() {
        return messages.isEmpty();
    }

    public int size() {
        return messages.size();
    }

    /** All messages, in the order they were found. */
    public List<String> messages() {
        return List.copyOf(messages);
    }

    /** @throws MillraceException CONFIG with one line per problem, when there is any */
    public void throwIfAny() {
        if (messages.isEmpty()) return;
        String head = messages.size() == 1 ? "" : messages.size() + " problems:\n";
        throw new MillraceException(ErrorKind.CONFIG, head + String.join("\n", messages));
    }
}
