package dev.millrace.registry.security.access;

import dev.millrace.registry.platform.http.Mentioned;
import java.util.List;
import java.util.Optional;

/** What a request names, and where that belongs. */
record Asking(Mentioned mentioned, Places places) {
    Optional<String> path(String name) {
        return mentioned.path(name);
    }

    List<String> texts(String... names) {
        return mentioned.texts(names);
    }
}
