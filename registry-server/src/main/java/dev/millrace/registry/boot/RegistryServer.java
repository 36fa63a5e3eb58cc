package dev.millrace.registry.boot;

import dev.millrace.registry.outbound.events.EventHub;
import dev.millrace.registry.platform.error.ErrorKind;
import dev.millrace.registry.platform.error.MillraceException;
import dev.millrace.registry.platform.http.Abandoned;
import dev.millrace.registry.platform.http.AccessLog;
import dev.millrace.registry.platform.http.Bodies;
import dev.millrace.registry.platform.http.ErrorRoutes;
import dev.millrace.registry.platform.http.Guards;
import dev.millrace.registry.platform.http.PageRoutes;
import dev.millrace.registry.platform.http.RequestIds;
import dev.millrace.registry.platform.naming.Ids;
import dev.millrace.registry.platform.storage.Database;
import dev.millrace.registry.platform.telemetry.RequestCounts;
import dev.millrace.registry.platform.telemetry.TelemetryRoutes;
import dev.millrace.registry.platform.tls.Tls;
import dev.millrace.registry.resource.artifacts.ArtifactStore;
import dev.millrace.registry.security.access.Gate;
import dev.millrace.registry.security.access.Rule;
import dev.millrace.registry.security.access.Where;
import io.javalin.Javalin;
import io.javalin.http.Context;
import io.javalin.router.Endpoint;
import io.javalin.security.Roles;
import io.javalin.security.RouteRole;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The server: one process, one port, one home. {@code main} runs it; tests call {@link #start}. */
public final class RegistryServer implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(RegistryServer.class);

    /** How soon a renewed certificate is taken. */
    private static final Duration LOOK = Duration.ofSeconds(10);

    /** Within this a write must be on disk for the server to be ready. */
    private static final Duration READY = Duration.ofSeconds(2);

    private final Javalin javalin;
    private final Database database;
    private final EventHub hub;
    private final HomeLock lock;
    private final Path folder;
    private final String url;
    private final Optional<Tls> tls;
    private volatile Runnable afterFencing = () -> {};

    private RegistryServer(
            Javalin javalin, Database database, EventHub hub, HomeLock lock, ServerOptions options, Optional<Tls> tls) {
        this.javalin = javalin;
        this.database = database;
        this.hub = hub;
        this.lock = lock;
        this.folder = options.folder();
        this.tls = tls;
        this.url = url(options, javalin.port());
    }

    static String url(ServerOptions options, int port) {
        String host = options.isLoopback() || options.address().isAnyLocalAddress() ? "127.0.0.1" : options.host();
        return (options.tls().isPresent() ? "https://" : "http://") + host + ":" + port;
    }

    public static void main(String[] arguments) {
        List<String> given = Arrays.asList(arguments);
        if (given.contains("--help")) {
            System.out.println(ServerOptions.USAGE + "\n\n" + Commands.USAGE + "\n\n" + AccessCommand.USAGE);
            return;
        }
        if (given.contains("--version")) {
            System.out.println(Version.OURS);
            return;
        }
        try {
            if (AccessCommand.isOne(given)) {
                System.out.println(AccessCommand.run(given, System.getenv()));
                return;
            }
            if (!given.isEmpty() && Commands.NAMES.contains(given.get(0))) {
                new Commands(System.getenv(), System.out).run(given);
                return;
            }
            RegistryServer server = start(ServerOptions.parse(given, System.getenv()));
            Runtime.getRuntime().addShutdownHook(new Thread(server::close, "millrace-shutdown"));
            server.afterFencing = () -> System.exit(ErrorKind.TEMPORARY.exitCode());
            System.out.println("Millrace registry at " + server.url());
        } catch (MillraceException refused) {
            System.err.println(refused.getMessage());
            System.exit(refused.kind().exitCode());
        }
    }

    /**
     * Takes the home, opens the database, listens, and says where in {@code server.json}. Whatever fails leaves nothing
     * behind that was not there.
     */
    static RegistryServer start(ServerOptions options) {
        options.logFormat().use();
        Clock clock = Clock.systemUTC();
        Optional<Tls> tls = options.tls().map(files -> Tls.open(files, clock, LOOK));
        requireFreePort(options);
        HomeLock lock = HomeLock.take(options.folder());
        // Database and web server need a second each to load their classes: side by side.
        CompletableFuture<Database> opening = CompletableFuture.supplyAsync(() -> Standby.open(options, tls, clock));
        EventHub hub = EventHub.start(() -> System.nanoTime() / 1_000_000);
        try {
            Javalin javalin = wire(options, tls, opening, clock, hub);
            javalin.start();
            RegistryServer server = new RegistryServer(javalin, opened(opening), hub, lock, options, tls);
            opened(opening).whenFenced(server::fenced);
            server.tell(clock.millis());
            tls.ifPresent(secure -> secure.follow(fresh -> server.tell(clock.millis())));
            return server;
        } catch (RuntimeException failed) {
            hub.close();
            opening.handle((database, alsoFailed) -> {
                        if (database != null) database.close();
                        return null;
                    })
                    .join();
            lock.close();
            throw failed;
        }
    }

    private static Database opened(CompletableFuture<Database> opening) {
        try {
            return opening.join();
        } catch (CompletionException failed) {
            throw failed.getCause() instanceof RuntimeException cause ? cause : failed;
        }
    }

    /** Asked first, so that a taken port changes nothing at all. */
    private static void requireFreePort(ServerOptions options) {
        try (ServerSocket probe = new ServerSocket()) {
            probe.setReuseAddress(true);
            probe.bind(new InetSocketAddress(options.address(), options.port()));
        } catch (IOException taken) {
            throw new MillraceException(
                    ErrorKind.CONFIG,
                    "Port " + options.port() + " of " + options.host() + " cannot be used (" + taken.getMessage()
                            + "). Stop what listens there, or choose another with `--port`.",
                    taken);
        }
    }

    private static Javalin wire(
            ServerOptions options, Optional<Tls> tls, CompletableFuture<Database> opening, Clock clock, EventHub hub) {
        return Javalin.create(app -> {
            WebServer.configure(app, options, tls);
            RequestCounts requests = new RequestCounts();
            app.requestLogger.http((http, millis) -> {
                requests.add(http.method().toString(), pattern(http), http.statusCode(), millis);
                AccessLog.note(http, pattern(http), Gate.user(http));
                RequestIds.end();
                Abandoned.end();
            });
            Ids ids = Ids.secure();
            new RequestIds(ids.id().substring(0, 8)).register(app.routes);
            guards(options).register(app.routes);
            new Abandoned().register(app.routes);
            new Bodies(Runtime.getRuntime().maxMemory() / 2).register(app.routes);
            new ErrorRoutes().register(app.routes);
            new StatusRoutes(() -> opened(opening).whyUnwritable(READY)).register(app.routes);
            new PageRoutes().register(app.routes, Rule.toAll());
            Database database = opened(opening);
            new TelemetryRoutes(requests, database).register(app.routes, Rule.view(Where.SERVER));
            // Not before this server is the one at work: opening clears what an ended one was receiving.
            ArtifactStore artifacts = ArtifactStore.open(options.folder(), options.artifacts());
            Wiring.of(options, app, database, artifacts, clock, ids, hub);
        });
    }

    /** The route that answered; there are as many as are registered, whatever is asked for. */
    private static String pattern(Context http) {
        Endpoint matched = http.endpoints().matchedHttpEndpoint();
        return matched == null ? "none" : matched.path;
    }

    private static Guards guards(ServerOptions options) {
        if (options.isLoopback() && options.names().isEmpty()) return Guards.loopback();
        TreeSet<String> names = new TreeSet<>(options.names());
        names.add(options.host());
        return Guards.network(names);
    }

    /** Another server has taken over: this one must answer nobody any more. */
    private void fenced() {
        Thread ending = new Thread(
                () -> {
                    close();
                    afterFencing.run();
                },
                "millrace-fenced");
        ending.start();
    }

    private void tell(long now) {
        ServerFile.write(
                folder, url, now, tls.map(secure -> secure.certificate().fingerprint()));
    }

    /** Where it answers, without a trailing slash. */
    public String url() {
        return url;
    }

    /**
     * A route, for tests that hold all of them to something.
     *
     * @param roles what it demands and which topics it touches
     */
    public record Route(String verb, String path, Set<? extends RouteRole> roles) {}

    /** Every route, in the order of their registration. */
    List<Route> routes() {
        return javalin.unsafe.internalRouter.allHttpHandlers().stream()
                .map(handler -> handler.endpoint)
                .filter(endpoint -> endpoint.method.isHttpMethod())
                .map(endpoint -> new Route(endpoint.method.name(), endpoint.path, roles(endpoint)))
                .toList();
    }

    private static Set<? extends RouteRole> roles(Endpoint endpoint) {
        Roles roles = endpoint.metadata(Roles.class);
        return roles == null ? Set.of() : roles.getRoles();
    }

    /** Finishes what is being answered, within a limit; then the queued writes; then gives the home back. */
    @Override
    public void close() {
        LOG.info("stopping");
        ServerFile.delete(folder);
        tls.ifPresent(Tls::close);
        hub.close();
        javalin.stop();
        database.close();
        lock.close();
    }
}
