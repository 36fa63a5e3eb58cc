package dev.millrace.registry.outbound.webhooks;

import dev.millrace.registry.platform.error.MillraceException;
import dev.millrace.registry.platform.naming.Ids;
import dev.millrace.registry.platform.search.Page;
import dev.millrace.registry.platform.search.Search;
import dev.millrace.registry.platform.search.SearchRequest;
import dev.millrace.registry.platform.storage.Database;
import dev.millrace.registry.security.audit.Act;
import java.io.IOException;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jdbi.v3.core.Handle;

/** Rules of webhooks: names, events, where they may point. Secrets go in and never come out. */
public final class WebhookService {
    private static final Pattern NAME =
            Pattern.compile("(?=.{1,63}$)[a-z0-9]([a-z0-9._-]*[a-z0-9])?", Pattern.CASE_INSENSITIVE);
    private static final int MOST_URL = 2_000;
    private static final int MOST_DESCRIPTION = 1_000;

    private final Database database;
    private final SecretBox secrets;
    private final Destinations destinations;
    private final Deliveries deliveries;
    private final Clock clock;
    private final Ids ids;
    private final WebhookRepository repository = new WebhookRepository();

    public WebhookService(
            Database database,
            SecretBox secrets,
            Destinations destinations,
            Deliveries deliveries,
            Clock clock,
            Ids ids) {
        this.database = database;
        this.secrets = secrets;
        this.destinations = destinations;
        this.deliveries = deliveries;
        this.clock = clock;
        this.ids = ids;
    }

    /** @param wanted with a name, a URL and at least one event */
    Webhook create(Webhook.Change wanted, Act act) {
        requireValid(wanted);
        if (wanted.events().isEmpty()) throw noEvents();
        long now = clock.millis();
        Webhook webhook = new Webhook(
                ids.uuid(),
                wanted.name().orElseThrow(),
                wanted.description().filter(text -> !text.isEmpty()),
                wanted.url().orElseThrow(),
                wanted.events().stream().distinct().toList(),
                wanted.status().orElse(Webhook.ACTIVE),
                now,
                now);
        database.change(tx -> {
            repository.insert(tx, webhook, sealed(wanted.secret()));
            act.done(tx, Map.of("webhook_id", webhook.webhookId()));
        });
        return webhook;
    }

    private Optional<String> sealed(Optional<String> secret) {
        return secret.filter(text -> !text.isEmpty()).map(secrets::sealed);
    }

    Webhook get(String webhookId) {
        return database.read(tx -> require(tx, webhookId)).webhook();
    }

    Page<Webhook> list(SearchRequest request) {
        Search search = Search.of(WebhookRepository.SCHEMA, request);
        return database.read(tx -> repository.page(tx, search))
                .withItems(found ->
                        found.stream().map(WebhookRepository.Stored::webhook).toList());
    }

    /** An empty secret takes the signature away. */
    Webhook update(String webhookId, Webhook.Change change, Act act) {
        requireValid(change);
        return database.write(tx -> {
            var old = require(tx, webhookId);
            Webhook fresh = old.webhook().with(change, clock.millis());
            Optional<String> secret = change.secret().isPresent() ? sealed(change.secret()) : old.secret();
            repository.update(tx, new WebhookRepository.Stored(old.id(), fresh, secret));
            act.done(tx, Map.of("old_url", old.webhook().url()));
            return fresh;
        });
    }

    /** Its secret goes with it. */
    void delete(String webhookId, Act act) {
        database.change(tx -> {
            repository.delete(tx, require(tx, webhookId).id());
            act.done(tx);
        });
    }

    /** What came of a test. */
    record TestResult(
            boolean success,
            Optional<Integer> responseStatus,
            Optional<String> responseBody,
            Optional<String> errorMessage) {}

    /**
     * Sends an example and waits for the answer.
     *
     * @param event absent: the webhook's first
     */
    TestResult test(String webhookId, Optional<EventKind> event, Act act) {
        var hook = database.write(tx -> {
            act.done(tx); // before it is sent: nothing leaves without a trace
            return require(tx, webhookId);
        });
        EventKind kind = event.orElseGet(() -> hook.webhook().events().get(0));
        try {
            HookReply reply = deliveries.send(hook, kind);
            boolean taken = reply.status() < 400;
            return new TestResult(taken, Optional.of(reply.status()), Optional.of(reply.body()), Optional.empty());
        } catch (IOException | MillraceException failed) {
            return new TestResult(
                    false,
                    Optional.empty(),
                    Optional.empty(),
                    Optional.of("Failed to test webhook: " + failed.getMessage()));
        }
    }

    private WebhookRepository.Stored require(Handle tx, String webhookId) {
        return repository
                .find(tx, webhookId)
                .orElseThrow(() -> MillraceException.notFound("Webhook with ID " + webhookId + " not found."));
    }

    private void requireValid(Webhook.Change change) {
        change.name().ifPresent(WebhookService::requireName);
        change.url().ifPresent(url -> {
            atMost(url, MOST_URL, "url");
            destinations.resolve(url);
        });
        change.description().ifPresent(text -> atMost(text, MOST_DESCRIPTION, "description"));
    }

    private static void requireName(String name) {
        if (NAME.matcher(name).matches()) return;
        throw MillraceException.invalid("Webhook name '" + name + "' is invalid. It must start and end with a letter or"
                + " digit, be less than 63 characters long, and contain only letters, digits, dots (.), underscores"
                + " (_), and hyphens (-).");
    }

    private static void atMost(String text, int limit, String field) {
        if (text.length() <= limit) return;
        throw MillraceException.invalid("'" + field + "' exceeds the maximum length of " + limit
                + " characters: it has " + text.length() + ".");
    }

    static MillraceException noEvents() {
        return MillraceException.invalid(
                "Webhook events must be a non-empty list of WebhookEvent objects: " + List.of() + ".");
    }
}
