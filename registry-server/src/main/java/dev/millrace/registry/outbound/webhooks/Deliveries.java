package dev.millrace.registry.outbound.webhooks;

import com.fasterxml.jackson.databind.JsonNode;
import dev.millrace.registry.platform.error.ErrorKind;
import dev.millrace.registry.platform.error.MillraceException;
import dev.millrace.registry.platform.http.StrictJson;
import dev.millrace.registry.platform.naming.Ids;
import dev.millrace.registry.platform.storage.Database;
import dev.millrace.registry.platform.tasks.Outcome;
import dev.millrace.registry.platform.tasks.Task;
import dev.millrace.registry.platform.tasks.Tasks;
import dev.millrace.registry.resource.models.RegistryEvent;
import dev.millrace.registry.resource.models.RegistryEvents;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.jdbi.v3.core.Handle;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells receivers what happened. A delivery is a task, kept in the transaction of the change (decision 0292): at least
 * once per event and webhook, one at a time per webhook, tried for a day while the receiver is overloaded or down. A slow
 * receiver, or a secret that cannot be read, holds up no other webhook.
 */
public final class Deliveries implements RegistryEvents {
    private static final Logger LOG = LoggerFactory.getLogger(Deliveries.class);
    private static final String KIND = "webhook";
    /** Of one webhook; more are dropped with a line in the log. */
    private static final int MOST_WAITING = 10_000;
    /** With pauses of ten minutes at most, a day. */
    private static final int TRIES = 150;

    private static final int TIMEOUT_MILLIS = 30_000;

    private final Database database;
    private final SecretBox secrets;
    private final Destinations destinations;
    private final Tasks tasks;
    private final Clock clock;
    private final Ids ids;
    private final WebhookRepository webhooks = new WebhookRepository();
    private final HookHttp http = new HookHttp(TIMEOUT_MILLIS);

    public Deliveries(
            Database database, SecretBox secrets, Destinations destinations, Tasks tasks, Clock clock, Ids ids) {
        this.database = database;
        this.secrets = secrets;
        this.destinations = destinations;
        this.tasks = tasks;
        this.clock = clock;
        this.ids = ids;
        tasks.register(KIND, this::attempt);
    }

    @Override
    public void happened(Handle tx, RegistryEvent event) {
        EventKind kind = EventKind.ofDelivery(event.entity(), event.action());
        for (var hook : webhooks.wanting(tx, kind)) {
            String webhook = hook.webhook().webhookId();
            if (tasks.waiting(tx, KIND, webhook) >= MOST_WAITING) {
                LOG.error("webhook={} has {} deliveries waiting; one is dropped", webhook, MOST_WAITING);
                continue;
            }
            Instant at = clock.instant();
            Map<String, Object> payload = new LinkedHashMap<>();
            payload.put("seconds", at.getEpochSecond());
            payload.put("body", Delivery.body(kind, event.data(), at));
            tasks.add(tx, Task.of(KIND, ids.uuid(), webhook, StrictJson.text(payload)), at.toEpochMilli());
        }
    }

    private Outcome attempt(Task task) {
        String told = "webhook=" + task.lane() + " delivery=" + task.key() + " try=" + task.attempts();
        Optional<WebhookRepository.Stored> hook = database.read(tx -> webhooks.find(tx, task.lane()))
                .filter(found -> found.webhook().isActive());
        if (hook.isEmpty()) return new Outcome.Done(); // deleted or disabled meanwhile: nobody wants to be told
        try {
            JsonNode payload = StrictJson.tree(task.payload());
            Delivery delivery = Delivery.of(
                    task.key(),
                    payload.path("seconds").asLong(),
                    payload.path("body").asText(),
                    secret(hook.get()));
            HookReply reply =
                    http.post(destinations.resolve(hook.get().webhook().url()), delivery.headers(), delivery.body());
            if (reply.status() < 300) return new Outcome.Done();
            String why = told + " answered " + reply.status();
            return reply.isWorthAnotherTry() ? again(task, why, reply.retryAfterSeconds()) : givenUp(why);
        } catch (
                MillraceException
                        refused) { // a name that does not resolve now may do so later; a wrong key will not fit
            String why = told + " not sent: " + refused.getMessage();
            return refused.kind() == ErrorKind.CONFIG ? givenUp(why) : again(task, why, 0);
        } catch (IOException failed) {
            return again(task, told + " failed: " + failed.getMessage(), 0);
        }
    }

    private static Outcome again(Task task, String why, long askedSeconds) {
        if (task.attempts() >= TRIES) return givenUp(why);
        Duration usual = Tasks.pauseAfter(task.attempts());
        Duration asked = Duration.ofSeconds(askedSeconds);
        LOG.info("{}; it is tried again", why);
        return new Outcome.Again(usual.compareTo(asked) < 0 ? asked : usual, why);
    }

    private static Outcome givenUp(String why) {
        LOG.warn("{}; given up", why);
        return new Outcome.GivenUp(why);
    }

    private Optional<String> secret(WebhookRepository.Stored hook) {
        return hook.secret().map(secrets::opened);
    }

    /** Sends now and once, for a test by its owner. @throws IOException when nothing came back */
    HookReply send(WebhookRepository.Stored hook, EventKind kind) throws IOException {
        Instant now = clock.instant();
        Delivery delivery = Delivery.of(
                ids.uuid(), now.getEpochSecond(), Delivery.body(kind, Examples.of(kind), now), secret(hook));
        return http.post(destinations.resolve(hook.webhook().url()), delivery.headers(), delivery.body());
    }
}
