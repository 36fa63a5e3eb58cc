package dev.millrace.registry.platform.http;

import dev.millrace.registry.platform.error.MillraceException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Local folders as MLflow's clients write them: {@code /a/b}, {@code file:/a/b} or {@code file:///a/b}. */
public final class LocalFolder {
    private static final Pattern FORM = Pattern.compile("(?:file:(?://)?)?(/[^/].*)", Pattern.DOTALL);

    private LocalFolder() {}

    /** @return the folder; empty for another form, and for a path that may mean another place */
    public static Optional<Path> of(String location) {
        Matcher form = FORM.matcher(location.replaceAll("/+$", ""));
        if (!form.matches()) return Optional.empty();
        String path = form.group(1).substring(1);
        try {
            if (!SafePath.require(path).equals(path)) return Optional.empty();
        } catch (MillraceException elsewhere) {
            return Optional.empty();
        }
        return Optional.of(Path.of("/" + path));
    }
}
