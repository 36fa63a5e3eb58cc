package dev.millrace.registry.platform.http;

import io.javalin.security.RouteRole;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Which topics of open pages a successful call touches; given where a route is registered. A topic may hold one name of
 * the request in braces, {@code run:{run_id}}: it stands for every value under that name ({@link Mentioned#texts}), and
 * for none where the request has none. {@code {experiment_id=0}}: a default.
 */
public record Topics(List<String> templates) implements RouteRole {
    private static final Pattern NAMED = Pattern.compile("([^{]*)\\{([^=}]+)(?:=([^}]*))?}");

    public Topics {
        templates = List.copyOf(templates);
    }

    public static Topics tells(String... templates) {
        return new Topics(List.of(templates));
    }

    /** In the order of the templates, each once. */
    public Set<String> of(Mentioned mentioned) {
        Set<String> topics = new LinkedHashSet<>();
        for (String template : templates) {
            Matcher named = NAMED.matcher(template);
            if (!named.matches()) {
                topics.add(template);
                continue;
            }
            List<String> values = mentioned.texts(named.group(2));
            if (values.isEmpty() && named.group(3) != null) values = List.of(named.group(3));
            values.forEach(value -> topics.add(named.group(1) + value));
        }
        return topics;
    }

    /** For the list of all routes. */
    @Override
    public String toString() {
        return String.join(", ", templates);
    }
}
