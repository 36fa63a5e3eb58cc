package dev.millrace.registry.platform.storage;

import java.util.List;

/** A key and its text, as MLflow writes tags and params. */
public record Tag(String key, String value) {
    /** About how many characters it has as JSON. */
    public long size() {
        return 24L + key.length() + value.length();
    }

    /** The same of all. */
    public static long size(List<Tag> tags) {
        return tags.stream().mapToLong(Tag::size).sum();
    }
}
