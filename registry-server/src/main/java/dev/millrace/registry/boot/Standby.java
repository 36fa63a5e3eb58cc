package dev.millrace.registry.boot;

import dev.millrace.registry.platform.error.ErrorKind;
import dev.millrace.registry.platform.error.MillraceException;
import dev.millrace.registry.platform.http.ErrorRoutes;
import dev.millrace.registry.platform.http.RequestIds;
import dev.millrace.registry.platform.naming.Ids;
import dev.millrace.registry.platform.storage.Database;
import dev.millrace.registry.platform.storage.Place;
import dev.millrace.registry.platform.tls.Tls;
import io.javalin.Javalin;
import java.time.Clock;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A server whose database another one writes: waits until that one has ended. Meanwhile it is alive ({@code /health}) and
 * not ready; every other request gets a 503, which clients and load balancers try elsewhere.
 */
final class Standby {
    private static final Logger LOG = LoggerFactory.getLogger(Standby.class);
    private static final long LOOK_MILLIS = 500;

    private Standby() {}

    /** Opens the database as soon as no other server works on it. @throws MillraceException as {@link Database#open} */
    static Database open(ServerOptions options, Optional<Tls> tls, Clock clock) {
        Javalin waiting = null;
        try {
            while (true) {
                try {
                    return Database.open(options.place(), clock);
                } catch (MillraceException refused) {
                    if (!Database.isTaken(refused) || !(options.place() instanceof Place.Postgres postgres))
                        throw refused;
                    if (waiting == null) waiting = begin(options, tls, clock);
                    awaitFree(postgres);
                }
            }
        } finally {
            if (waiting != null) waiting.stop();
        }
    }

    private static Javalin begin(ServerOptions options, Optional<Tls> tls, Clock clock) {
        Javalin waiting = Javalin.create(app -> {
            WebServer.configure(app, options, tls);
            new RequestIds(Ids.secure().id().substring(0, 8)).register(app.routes);
            new ErrorRoutes().register(app.routes);
            app.routes.get("/health", http -> http.contentType("text/plain").result("OK"));
            app.routes.before(http -> {
                if (http.path().equals("/health")) return;
                throw new MillraceException(
                        ErrorKind.TEMPORARY,
                        "This server is a standby: another one works on its database. Ask that one.");
            });
        });
        waiting.start();
        String url = RegistryServer.url(options, waiting.port());
        ServerFile.write(options.folder(), url, clock.millis(), tls.map(secure -> secure.certificate()
                .fingerprint()));
        LOG.info(
                "standby at {}: another server works on {}; waiting for its end",
                url,
                options.place().shown());
        return waiting;
    }

    private static void awaitFree(Place.Postgres postgres) {
        try {
            do Thread.sleep(LOOK_MILLIS);
            while (!Database.isFree(postgres));
        } catch (InterruptedException ended) {
            Thread.currentThread().interrupt();
            throw new MillraceException(ErrorKind.TEMPORARY, "The standby was stopped.", ended);
        }
    }
}
