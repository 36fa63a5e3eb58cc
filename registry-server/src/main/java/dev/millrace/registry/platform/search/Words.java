package dev.millrace.registry.platform.search;

import java.util.Collection;
import java.util.stream.Collectors;

/** Lists of words in messages, written as MLflow writes them. */
final class Words {
    private Words() {}

    /** {@code {'a', 'b'}}, sorted. */
    static String set(Collection<String> words) {
        return words.stream().sorted().map(word -> "'" + word + "'").collect(Collectors.joining(", ", "{", "}"));
    }
}
