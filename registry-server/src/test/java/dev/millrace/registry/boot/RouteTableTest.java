package dev.millrace.registry.boot;

import static org.assertj.core.api.Assertions.assertThat;

import dev.millrace.registry.platform.http.Topics;
import dev.millrace.registry.security.access.Rule;
import io.javalin.security.RouteRole;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The list of all routes, for whoever reviews a change of rights: who may call, what is audited, which topics it touches.
 * {@code -Dgolden.update=true} writes it again.
 */
class RouteTableTest {
    private static final Path GOLDEN = Path.of("src", "test", "resources", "routes.txt");

    @TempDir
    static Path home;

    @Test
    void theListOfRoutesIsTheReviewedOne() throws IOException {
        String table;
        try (TestServer server = TestServer.start(home)) {
            table = table(server.routeTable());
        }
        if (Boolean.getBoolean("golden.update")) Files.writeString(GOLDEN, table);

        assertThat(GOLDEN)
                .as("Run with -Dgolden.update=true to write it")
                .content()
                .isEqualTo(table);
    }

    /** A line for each route; one of both prefixes of MLflow's API stands for the other, whose roles are the same. */
    private static String table(List<RegistryServer.Route> routes) {
        TreeMap<String, Set<? extends RouteRole>> byRoute = new TreeMap<>();
        for (RegistryServer.Route route : routes) {
            String line = route.path().replaceFirst("^/ajax-api/", "/api/") + " " + route.verb();
            Set<? extends RouteRole> twin = byRoute.put(line, route.roles());
            assertThat(twin == null || twin.toString().equals(route.roles().toString()))
                    .as(line + " has the same roles under both prefixes")
                    .isTrue();
        }
        return byRoute.entrySet().stream()
                .map(route -> route.getKey() + " | " + of(Rule.class, route.getValue()) + " | "
                        + of(Topics.class, route.getValue()))
                .map(String::stripTrailing)
                .collect(Collectors.joining("\n", "path verb | who; audited | topics\n", "\n"));
    }

    private static String of(Class<? extends RouteRole> kind, Set<? extends RouteRole> roles) {
        return roles.stream().filter(kind::isInstance).map(Object::toString).collect(Collectors.joining());
    }
}
