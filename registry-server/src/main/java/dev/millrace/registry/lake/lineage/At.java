package dev.millrace.registry.lake.lineage;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A table at a version, taken from {@code raw.x@3}. */
record At(String table, long version) {
    private static final Pattern FORM = Pattern.compile("([^:@]+)@([0-9]{1,18})");

    static Optional<At> parse(String ref) {
        Matcher matcher = FORM.matcher(ref);
        return matcher.matches()
                ? Optional.of(new At(matcher.group(1), Long.parseLong(matcher.group(2))))
                : Optional.empty();
    }

    @Override
    public String toString() {
        return table + "@" + version;
    }
}
