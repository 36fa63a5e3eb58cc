package dev.millrace.registry.resource.comments;

import com.fasterxml.jackson.databind.JsonNode;
import dev.millrace.registry.platform.error.MillraceException;
import dev.millrace.registry.platform.http.Bodies;
import dev.millrace.registry.platform.http.MlflowApi;
import dev.millrace.registry.platform.naming.Excerpt;
import dev.millrace.registry.security.access.Gate;
import io.javalin.config.RoutesConfig;
import io.javalin.http.Context;
import java.util.Map;
import java.util.Optional;

/** {@code /api/v1/comments}. */
public final class CommentRoutes {
    private static final String UNNAMED = "-";
    private static final int NAME = 100;

    private final CommentService comments;

    public CommentRoutes(CommentService comments) {
        this.comments = comments;
    }

    public void register(RoutesConfig routes) {
        routes.get("/api/v1/comments", http -> {
            String target = Optional.ofNullable(http.queryParam("target")).orElse("");
            MlflowApi.answer(http, Map.of("comments", comments.of(target)));
        });
        routes.post("/api/v1/comments", http -> {
            JsonNode body = Bodies.json(http);
            MlflowApi.answer(
                    http,
                    comments.add(
                            body.path("target").asText(""),
                            author(http, body),
                            body.path("text").asText("")));
        });
        routes.patch("/api/v1/comments/{id}", http -> {
            JsonNode body = Bodies.json(http);
            MlflowApi.answer(
                    http,
                    comments.edit(
                            id(http), author(http, body), body.path("text").asText("")));
        });
        routes.delete("/api/v1/comments/{id}", http -> {
            comments.delete(id(http), Gate.user(http), Gate.isAdministrator(http));
            MlflowApi.answer(http, Map.of());
        });
    }

    /** Where nobody has to say who they are, people say it as they like. */
    private static String author(Context http, JsonNode body) {
        String user = Gate.user(http);
        if (!user.equals(UNNAMED)) return user;
        String given = body.path("author").asText("").strip();
        if (given.isEmpty()) return "somebody";
        return Excerpt.of(given, NAME);
    }

    private static long id(Context http) {
        String id = http.pathParam("id");
        if (!id.matches("[0-9]{1,18}")) throw MillraceException.notFound("There is no comment " + id + ".");
        return Long.parseLong(id);
    }
}
