package dev.millrace.registry.resource.comments;

import static dev.millrace.registry.security.access.Rule.speak;
import static dev.millrace.registry.security.access.Rule.view;
import static dev.millrace.registry.security.access.Where.comment;
import static dev.millrace.registry.security.access.Where.topics;

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
        routes.get("/api/v1/comments", this::list, view(topics("target")));
        routes.post("/api/v1/comments", this::add, speak(topics("target")));
        routes.patch("/api/v1/comments/{id}", this::edit, speak(comment("id")));
        routes.delete("/api/v1/comments/{id}", this::delete, speak(comment("id")));
    }

    private void list(Context http) {
        String target = Optional.ofNullable(http.queryParam("target")).orElse("");
        MlflowApi.answer(http, Map.of("comments", comments.of(target)));
    }

    private void add(Context http) {
        JsonNode body = Bodies.json(http);
        String target = body.path("target").asText("");
        MlflowApi.answer(http, comments.add(target, author(http, body), text(body), Gate.act(http)));
    }

    private void edit(Context http) {
        JsonNode body = Bodies.json(http);
        MlflowApi.answer(http, comments.edit(id(http), author(http, body), text(body), Gate.act(http)));
    }

    private void delete(Context http) {
        comments.delete(id(http), Gate.user(http), Gate.isAdministrator(http), Gate.act(http));
        MlflowApi.answer(http, Map.of());
    }

    private static String text(JsonNode body) {
        return body.path("text").asText("");
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
