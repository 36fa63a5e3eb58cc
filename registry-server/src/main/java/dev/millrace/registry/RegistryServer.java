package dev.millrace.registry;

import dev.millrace.registry.artifacts.ArtifactRoutes;
import dev.millrace.registry.artifacts.ArtifactStore;
import dev.millrace.registry.drift.DriftRoutes;
import dev.millrace.registry.drift.DriftService;
import dev.millrace.registry.error.ErrorKind;
import dev.millrace.registry.error.MillraceException;
import dev.millrace.registry.http.ErrorRoutes;
import dev.millrace.registry.http.Guards;
import dev.millrace.registry.http.MlflowApi;
import dev.millrace.registry.http.PageRoutes;
import dev.millrace.registry.http.RequestIds;
import dev.millrace.registry.loggedmodels.LoggedModelRoutes;
import dev.millrace.registry.loggedmodels.LoggedModelService;
import dev.millrace.registry.models.ModelVersionRoutes;
import dev.millrace.registry.models.ModelVersionService;
import dev.millrace.registry.models.RegisteredModelRoutes;
import dev.millrace.registry.models.RegisteredModelService;
import dev.millrace.registry.naming.Ids;
import dev.millrace.registry.storage.Database;
import dev.millrace.registry.telemetry.RequestCounts;
import dev.millrace.registry.telemetry.TelemetryRoutes;
import dev.millrace.registry.tracking.ExperimentRoutes;
import dev.millrace.registry.tracking.ExperimentService;
import dev.millrace.registry.tracking.HistoryRoutes;
import dev.millrace.registry.tracking.HistoryService;
import dev.millrace.registry.tracking.InputRoutes;
import dev.millrace.registry.tracking.InputService;
import dev.millrace.registry.tracking.LogRoutes;
import dev.millrace.registry.tracking.LogService;
import dev.millrace.registry.tracking.RunRoutes;
import dev.millrace.registry.tracking.RunService;
import io.javalin.Javalin;
import io.javalin.config.JavalinConfig;
import io.javalin.config.RoutesConfig;
import io.javalin.http.Context;
import io.javalin.router.Endpoint;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Arrays;
import java.util.List;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.eclipse.jetty.server.handler.GracefulHandler;
import org.eclipse.jetty.util.thread.QueuedThreadPool;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The server: one process, one port, one home. {@code main} runs it; tests call {@link #start}. */
public final class RegistryServer implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(RegistryServer.class);
    private static final long BODY_BYTES = 32L << 20;
    private static final int THREADS = 64;
    private static final long STOP_MILLIS = 10_000;

    private final Javalin javalin;
    private final Database database;
    private final HomeLock lock;
    private final Path folder;
    private final String url;

    private RegistryServer(Javalin javalin, Database database, HomeLock lock, ServerOptions options) {
        this.javalin = javalin;
        this.database = database;
        this.lock = lock;
        this.folder = options.folder();
        String host = options.isLoopback() || options.address().isAnyLocalAddress() ? "127.0.0.1" : options.host();
        this.url = "http://" + host + ":" + javalin.port();
    }

    public static void main(String[] arguments) {
        List<String> given = Arrays.asList(arguments);
        if (given.contains("--help")) {
            System.out.println(ServerOptions.USAGE + "\n\n" + Commands.USAGE);
            return;
        }
        if (given.contains("--version")) {
            System.out.println(Version.OURS);
            return;
        }
        try {
            if (!given.isEmpty() && Commands.NAMES.contains(given.get(0))) {
                new Commands(System.getenv(), System.out).run(given);
                return;
            }
            RegistryServer server = start(ServerOptions.parse(given, System.getenv()));
            Runtime.getRuntime().addShutdownHook(new Thread(server::close, "millrace-shutdown"));
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
        Clock clock = Clock.systemUTC();
        requireFreePort(options);
        HomeLock lock = HomeLock.take(options.folder());
        // Database and web server need a second each to load their classes: side by side.
        CompletableFuture<Database> opening =
                CompletableFuture.supplyAsync(() -> Database.open(options.place(), clock));
        try {
            ArtifactStore artifacts = ArtifactStore.open(options.folder());
            Javalin javalin = wire(options, opening, artifacts, clock);
            javalin.start(options.host(), options.port());
            RegistryServer server = new RegistryServer(javalin, opened(opening), lock, options);
            ServerFile.write(options.folder(), server.url(), clock.millis());
            return server;
        } catch (RuntimeException failed) {
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
            ServerOptions options, CompletableFuture<Database> opening, ArtifactStore artifacts, Clock clock) {
        return Javalin.create(app -> {
            configure(app);
            RequestCounts requests = new RequestCounts();
            app.requestLogger.http(
                    (http, millis) -> requests.add(http.method().toString(), pattern(http), http.statusCode(), millis));
            Ids ids = Ids.secure();
            new RequestIds(ids.id().substring(0, 8)).register(app.routes);
            guards(options).register(app.routes);
            new ErrorRoutes().register(app.routes);
            new StatusRoutes().register(app.routes);
            new PageRoutes().register(app.routes);
            Database database = opened(opening);
            new TelemetryRoutes(requests, database).register(app.routes);
            wire(app.routes, database, artifacts, clock, ids);
        });
    }

    /** The route that answered; there are as many as are registered, whatever is asked for. */
    private static String pattern(Context http) {
        Endpoint matched = http.endpoints().matchedHttpEndpoint();
        return matched == null ? "none" : matched.path;
    }

    /** The whole object graph; no container. */
    private static void wire(RoutesConfig routes, Database database, ArtifactStore artifacts, Clock clock, Ids ids) {
        ExperimentService experiments = new ExperimentService(database, clock);
        RunService runs = new RunService(database, experiments, ids, clock);
        LoggedModelService loggedModels = new LoggedModelService(
                database, (tx, id) -> experiments.requireActive(tx, id).artifactLocation(), ids, clock);
        RegisteredModelService models = new RegisteredModelService(database, clock);
        ModelVersionService versions =
                new ModelVersionService(database, models, new Sources.OfModels(runs, loggedModels), clock);
        MlflowApi api = new MlflowApi(routes);
        new ExperimentRoutes(experiments).register(api);
        new RunRoutes(runs).register(api);
        new LogRoutes(new LogService(database, runs, loggedModels)).register(api);
        new HistoryRoutes(new HistoryService(database, runs)).register(api);
        new InputRoutes(new InputService(database, runs)).register(api);
        new LoggedModelRoutes(loggedModels).register(api);
        new RegisteredModelRoutes(models).register(api);
        new ModelVersionRoutes(versions).register(api);
        new ArtifactRoutes(artifacts, new Sources.OfArtifacts(runs, loggedModels, versions)).register(routes, api);
        new DriftRoutes(new DriftService(database, clock)).register(routes);
    }

    private static void configure(JavalinConfig app) {
        app.startup.showJavalinBanner = false;
        app.startup.showOldJavalinVersionWarning = false;
        app.startup.startupWatcherEnabled = false;
        app.http.maxRequestSize = BODY_BYTES;
        app.jetty.threadPool = new QueuedThreadPool(THREADS, 4);
        app.jetty.modifyServer(server -> server.setStopTimeout(STOP_MILLIS));
        app.jetty.modifyServer(server -> server.insertHandler(new GracefulHandler()));
    }

    private static Guards guards(ServerOptions options) {
        if (options.isLoopback() && options.names().isEmpty()) return Guards.loopback();
        TreeSet<String> names = new TreeSet<>(options.names());
        names.add(options.host());
        return Guards.network(names);
    }

    /** Where it answers, without a trailing slash. */
    public String url() {
        return url;
    }

    /** Finishes what is being answered, within a limit; then the queued writes; then gives the home back. */
    @Override
    public void close() {
        LOG.info("stopping");
        ServerFile.delete(folder);
        javalin.stop();
        database.close();
        lock.close();
    }
}
