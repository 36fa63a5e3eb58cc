package dev.millrace.registry.outbound.webhooks;

import static dev.millrace.registry.security.access.Rule.admin;
import static dev.millrace.registry.security.access.Rule.secret;
import static dev.millrace.registry.security.access.Where.SERVER;

import dev.millrace.registry.platform.error.MillraceException;
import dev.millrace.registry.platform.http.Fields;
import dev.millrace.registry.platform.http.MlflowApi;
import dev.millrace.registry.platform.http.Searches;
import dev.millrace.registry.platform.search.SearchRequest;
import dev.millrace.registry.security.access.Rule;
import dev.millrace.registry.security.audit.Act;
import io.javalin.http.HandlerType;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** {@code webhooks*}: MLflow's WebhookService. */
public final class WebhookRoutes {
    private static final int USUAL = 100;
    private static final int MOST = 1_000;

    private final WebhookService webhooks;

    public WebhookRoutes(WebhookService webhooks) {
        this.webhooks = webhooks;
    }

    public void register(MlflowApi<Act> api) {
        String one = "/webhooks/{webhook_id}";
        // A webhook tells of every model, to a place of its maker's choosing.
        Rule read = secret(SERVER);
        Rule change = admin(SERVER);
        api.change(
                        HandlerType.POST,
                        "/webhooks",
                        (request, act) -> answer(webhooks.create(fresh(request), act)),
                        change)
                .get("/webhooks", this::list, read)
                .get(one, request -> answer(webhooks.get(id(request))), read)
                .change(
                        HandlerType.PATCH,
                        one,
                        (request, act) -> answer(webhooks.update(id(request), change(request), act)),
                        change)
                .order(HandlerType.DELETE, one, (request, act) -> webhooks.delete(id(request), act), change)
                .change(HandlerType.POST, one + "/test", this::test, change);
    }

    private static String id(Fields request) {
        return request.requiredText("webhook_id");
    }

    private static Webhook.Change fresh(Fields request) {
        String name = request.requiredText("name");
        String url = request.requiredText("url");
        if (!request.isGiven("events")) throw request.missing("events");
        return new Webhook.Change(
                Optional.of(name),
                request.nonEmptyText("description"),
                Optional.of(url),
                events(request),
                request.nonEmptyText("secret"),
                status(request));
    }

    private static Webhook.Change change(Fields request) {
        return new Webhook.Change(
                request.nonEmptyText("name"),
                request.text("description"),
                request.nonEmptyText("url"),
                events(request),
                request.text("secret"),
                status(request));
    }

    private static List<EventKind> events(Fields request) {
        return request.items("events", WebhookRoutes::event);
    }

    private static EventKind event(Fields event) {
        return EventKind.of(
                event.text("entity").orElse("ENTITY_UNSPECIFIED"),
                event.text("action").orElse("ACTION_UNSPECIFIED"));
    }

    /** Unknown names count as unset, as in MLflow. */
    private static Optional<String> status(Fields request) {
        return request.text("status").filter(List.of(Webhook.ACTIVE, Webhook.DISABLED)::contains);
    }

    private Object list(Fields request) {
        long most = request.integer("max_results").filter(asked -> asked != 0).orElse((long) USUAL);
        if (most < 1 || most > MOST) {
            throw MillraceException.invalid("max_results must be between 1 and " + MOST + ".");
        }
        SearchRequest search = SearchRequest.all("webhooks", (int) most, request.nonEmptyText("page_token"));
        return Searches.answer("webhooks", webhooks.list(search));
    }

    private Object test(Fields request, Act act) {
        Optional<EventKind> event =
                request.isGiven("event") ? Optional.of(event(request.object("event"))) : Optional.empty();
        return Map.of("result", webhooks.test(id(request), event, act));
    }

    private static Object answer(Webhook webhook) {
        return Map.of("webhook", webhook);
    }
}
