package dev.millrace.registry.outbound.webhooks;

import dev.millrace.registry.platform.error.MillraceException;
import dev.millrace.registry.platform.naming.Ids;
import dev.millrace.registry.platform.storage.Database;
import dev.millrace.registry.resource.models.RegistryEvent;
import dev.millrace.registry.resource.models.RegistryEvents;
import java.io.IOException;
import java.time.Clock;
import java.util.Map;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells receivers what happened, beside the requests: a slow receiver delays nobody. At most once per event and webhook,
 * in no order, tried up to four times when the receiver is overloaded or down; what waits when the server stops is lost.
 * At most {@value #MOST_WAITING} deliveries wait; more are dropped with a line in the log.
 */
public final class Deliveries implements RegistryEvents, AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Deliveries.class);
    private static final int THREADS = 4;
    private static final int MOST_WAITING = 1_000;
    private static final int TRIES = 4;
    private static final int TIMEOUT_MILLIS = 30_000;
    private static final long LONGEST_PAUSE_SECONDS = 60;
    private static final long STOP_SECONDS = 2;

    private final Database database;
    private final SecretBox secrets;
    private final Destinations destinations;
    private final Clock clock;
    private final Ids ids;
    private final WebhookRepository webhooks = new WebhookRepository();
    private final HookHttp http = new HookHttp(TIMEOUT_MILLIS);
    private final Semaphore places = new Semaphore(MOST_WAITING);
    private final ScheduledThreadPoolExecutor workers;

    public Deliveries(Database database, SecretBox secrets, Destinations destinations, Clock clock, Ids ids) {
        this.database = database;
        this.secrets = secrets;
        this.destinations = destinations;
        this.clock = clock;
        this.ids = ids;
        this.workers = new ScheduledThreadPoolExecutor(THREADS, work -> {
            Thread thread = new Thread(work, "millrace-webhooks");
            thread.setDaemon(true);
            return thread;
        });
        workers.setExecuteExistingDelayedTasksAfterShutdownPolicy(false);
    }

    @Override
    public void happened(RegistryEvent event) {
        later(0, () -> {
            EventKind kind = EventKind.ofDelivery(event.entity(), event.action());
            for (var hook : database.read(tx -> webhooks.wanting(tx, kind))) {
                Delivery delivery = delivery(hook, kind, event.data());
                later(0, () -> attempt(hook.webhook(), delivery, 1));
            }
        });
    }

    private Delivery delivery(WebhookRepository.Stored hook, EventKind kind, Map<String, Object> data) {
        return Delivery.of(
                kind, data, ids.uuid(), clock.instant(), hook.secret().map(secrets::opened));
    }

    private void attempt(Webhook hook, Delivery delivery, int tried) {
        String told = "webhook=" + hook.webhookId() + " delivery="
                + delivery.headers().get(Delivery.ID) + " try=" + tried;
        try {
            HookReply reply = http.post(destinations.resolve(hook.url()), delivery.headers(), delivery.body());
            if (!reply.isWorthAnotherTry()) {
                if (reply.status() >= 300) LOG.warn("{} answered {}", told, reply.status());
                return;
            }
            again(hook, delivery, tried, told + " answered " + reply.status(), reply.retryAfterSeconds());
        } catch (MillraceException refused) {
            LOG.warn("{} not sent: {}", told, refused.getMessage());
        } catch (IOException failed) {
            again(hook, delivery, tried, told + " failed: " + failed.getMessage(), 0);
        }
    }

    /** After 1, 2, 4 seconds, or when the receiver asks for it. */
    private void again(Webhook hook, Delivery delivery, int tried, String why, long askedSeconds) {
        if (tried == TRIES) {
            LOG.warn("{}; given up", why);
            return;
        }
        long pause = Math.min(LONGEST_PAUSE_SECONDS, Math.max(askedSeconds, 1L << (tried - 1)));
        LOG.info("{}; again in {} s", why, pause);
        later(pause, () -> attempt(hook, delivery, tried + 1));
    }

    private void later(long seconds, Runnable work) {
        if (!places.tryAcquire()) {
            LOG.error("more than {} deliveries of webhooks wait; one is dropped", MOST_WAITING);
            return;
        }
        try {
            var unused = workers.schedule(() -> guarded(work), seconds, TimeUnit.SECONDS); // guarded tells its failures
        } catch (RejectedExecutionException stopping) {
            places.release();
        }
    }

    /** A worker's failure is nobody's answer, so it is told here or never. */
    private void guarded(Runnable work) {
        try {
            work.run();
        } catch (RuntimeException failed) {
            LOG.error("a delivery of a webhook failed", failed);
        } finally {
            places.release();
        }
    }

    /** Sends now and once, for a test by its owner. @throws IOException when nothing came back */
    HookReply send(WebhookRepository.Stored hook, EventKind kind) throws IOException {
        Delivery delivery = delivery(hook, kind, Examples.of(kind));
        return http.post(destinations.resolve(hook.webhook().url()), delivery.headers(), delivery.body());
    }

    /** Lets what is being sent end, within a limit; what waits is dropped. */
    @Override
    public void close() {
        workers.shutdown();
        try {
            if (!workers.awaitTermination(STOP_SECONDS, TimeUnit.SECONDS)) workers.shutdownNow();
        } catch (InterruptedException interrupted) {
            workers.shutdownNow();
            Thread.currentThread().interrupt();
        }
    }
}
