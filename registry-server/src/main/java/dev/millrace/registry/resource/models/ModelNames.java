package dev.millrace.registry.resource.models;

import dev.millrace.registry.platform.error.MillraceException;
import dev.millrace.registry.platform.naming.Keys;
import dev.millrace.registry.platform.storage.Tag;
import java.util.Locale;
import java.util.regex.Pattern;

/** MLflow's rules for names, versions, aliases and tags of models. */
final class ModelNames {
    private static final Pattern ALIAS = Pattern.compile("[\\w\\-]+", Pattern.UNICODE_CHARACTER_CLASS);
    private static final int NAME = 256;
    private static final int ALIAS_LENGTH = 255;
    private static final int TAG_VALUE = 100_000;

    private ModelNames() {}

    static String name(String name) {
        if (name.isBlank()) throw MillraceException.invalid("Missing value for required parameter 'name'.");
        if (name.contains("/") || name.contains(":")) {
            throw MillraceException.invalid("Invalid model name '" + name + "'. Names cannot contain '/' or ':'.");
        }
        Keys.requireOnePlace(name, "name");
        return Keys.length(name, "name", NAME);
    }

    static int version(String version) {
        if (version.matches("-?[0-9]{1,9}")) return Integer.parseInt(version);
        throw MillraceException.invalid("Parameter 'version' must be an integer, got '" + version + "'.");
    }

    /** An alias that may be asked for; {@code latest} is one of them. */
    static String alias(String alias) {
        if (!ALIAS.matcher(alias).matches()) {
            throw MillraceException.invalid("Invalid alias name: '" + alias
                    + "'. Names may only contain alphanumerics, underscores (_), and dashes (-).");
        }
        return Keys.length(alias, "Registered model alias name", ALIAS_LENGTH);
    }

    /** An alias that may be given. */
    static String freeAlias(String alias) {
        alias(alias);
        if (isLatest(alias)) throw MillraceException.invalid("'latest' alias name (case insensitive) is reserved.");
        if (alias.toLowerCase(Locale.ROOT).matches("v[0-9]+")) {
            throw MillraceException.invalid("Version alias name '" + alias + "' is reserved.");
        }
        return alias;
    }

    /** Whether it means the newest version, whatever it is. */
    static boolean isLatest(String alias) {
        return alias.equalsIgnoreCase("latest");
    }

    static Tag tag(Tag tag) {
        Keys.require(tag.key(), "key", "key");
        Keys.length(tag.value(), "value", TAG_VALUE);
        return tag;
    }
}
