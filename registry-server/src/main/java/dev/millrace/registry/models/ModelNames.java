package dev.millrace.registry.models;

import dev.millrace.registry.error.MillraceException;
import dev.millrace.registry.storage.Tag;
import java.util.Locale;
import java.util.regex.Pattern;

/** MLflow's rules for names, versions, aliases and tags of models. */
final class ModelNames {
    private static final Pattern ALIAS = Pattern.compile("[\\w\\-]+", Pattern.UNICODE_CHARACTER_CLASS);
    private static final int NAME = 256;
    private static final int ALIAS_LENGTH = 255;
    private static final int TAG_KEY = 250;
    private static final int TAG_VALUE = 100_000;

    private ModelNames() {}

    static String name(String name) {
        if (name.contains("/") || name.contains(":")) {
            throw MillraceException.invalid("Invalid model name: '" + name + "'. Names cannot contain '/' or ':'.");
        }
        if (name.length() > NAME) {
            throw MillraceException.invalid("Registered model name of " + name.length()
                    + " characters exceeds the maximum length of " + NAME + " characters");
        }
        return name;
    }

    static int version(String version) {
        if (version.matches("[0-9]{1,9}")) return Integer.parseInt(version);
        throw MillraceException.invalid("Parameter 'version' must be an integer, got '" + version + "'.");
    }

    static String alias(String alias) {
        if (alias.length() > ALIAS_LENGTH) {
            throw MillraceException.invalid("Registered model alias '" + alias.substring(0, 50)
                    + "...' exceeds the maximum length of " + ALIAS_LENGTH + " characters");
        }
        if (!ALIAS.matcher(alias).matches()) {
            throw MillraceException.invalid("Invalid alias name: '" + alias
                    + "'. Names may only contain alphanumerics, underscores (_), and dashes (-).");
        }
        String lower = alias.toLowerCase(Locale.ROOT);
        if (lower.equals("latest")) {
            throw MillraceException.invalid("'latest' alias name (case insensitive) is reserved.");
        }
        if (lower.matches("v[0-9]+")) {
            throw MillraceException.invalid("Version alias name '" + alias + "' is reserved.");
        }
        return alias;
    }

    static Tag tag(Tag tag) {
        if (tag.key().length() > TAG_KEY || tag.value().length() > TAG_VALUE) {
            throw MillraceException.invalid("Tag '"
                    + tag.key().substring(0, Math.min(50, tag.key().length()))
                    + "' has a key of " + tag.key().length() + " characters (at most " + TAG_KEY + ") and a value of "
                    + tag.value().length() + " (at most " + TAG_VALUE + ").");
        }
        return tag;
    }
}
