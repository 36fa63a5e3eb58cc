package dev.millrace.registry.boot;

import dev.millrace.registry.lake.features.FeatureRoutes;
import dev.millrace.registry.lake.features.FeatureService;
import dev.millrace.registry.lake.features.ModelColumns;
import dev.millrace.registry.lake.lineage.LineageRoutes;
import dev.millrace.registry.lake.lineage.LineageService;
import dev.millrace.registry.lake.tables.Lake;
import dev.millrace.registry.lake.tables.TableRoutes;
import dev.millrace.registry.lake.tables.TableService;
import dev.millrace.registry.outbound.events.Announcer;
import dev.millrace.registry.outbound.events.EventHub;
import dev.millrace.registry.outbound.events.EventRoutes;
import dev.millrace.registry.outbound.webhooks.Deliveries;
import dev.millrace.registry.outbound.webhooks.Destinations;
import dev.millrace.registry.outbound.webhooks.SecretBox;
import dev.millrace.registry.outbound.webhooks.WebhookRoutes;
import dev.millrace.registry.outbound.webhooks.WebhookService;
import dev.millrace.registry.platform.error.ErrorKind;
import dev.millrace.registry.platform.error.MillraceException;
import dev.millrace.registry.platform.http.Abandoned;
import dev.millrace.registry.platform.http.AccessLog;
import dev.millrace.registry.platform.http.Bodies;
import dev.millrace.registry.platform.http.ErrorRoutes;
import dev.millrace.registry.platform.http.Guards;
import dev.millrace.registry.platform.http.MlflowApi;
import dev.millrace.registry.platform.http.PageRoutes;
import dev.millrace.registry.platform.http.RequestIds;
import dev.millrace.registry.platform.naming.Ids;
import dev.millrace.registry.platform.storage.Database;
import dev.millrace.registry.platform.tasks.Tasks;
import dev.millrace.registry.platform.telemetry.RequestCounts;
import dev.millrace.registry.platform.telemetry.TelemetryRoutes;
import dev.millrace.registry.platform.tls.Tls;
import dev.millrace.registry.resource.artifacts.ArtifactRoutes;
import dev.millrace.registry.resource.artifacts.ArtifactStore;
import dev.millrace.registry.resource.artifacts.MultipartRoutes;
import dev.millrace.registry.resource.artifacts.MultipartUploads;
import dev.millrace.registry.resource.artifacts.Signatures;
import dev.millrace.registry.resource.artifacts.UploadRoutes;
import dev.millrace.registry.resource.comments.CommentRoutes;
import dev.millrace.registry.resource.comments.CommentService;
import dev.millrace.registry.resource.drift.DriftRoutes;
import dev.millrace.registry.resource.drift.DriftService;
import dev.millrace.registry.resource.loggedmodels.LoggedModelRoutes;
import dev.millrace.registry.resource.loggedmodels.LoggedModelService;
import dev.millrace.registry.resource.models.ModelVersionRoutes;
import dev.millrace.registry.resource.models.ModelVersionService;
import dev.millrace.registry.resource.models.RegisteredModelRoutes;
import dev.millrace.registry.resource.models.RegisteredModelService;
import dev.millrace.registry.resource.tracking.ExperimentRoutes;
import dev.millrace.registry.resource.tracking.ExperimentService;
import dev.millrace.registry.resource.tracking.HistoryRoutes;
import dev.millrace.registry.resource.tracking.HistoryService;
import dev.millrace.registry.resource.tracking.InputRoutes;
import dev.millrace.registry.resource.tracking.InputService;
import dev.millrace.registry.resource.tracking.LogRoutes;
import dev.millrace.registry.resource.tracking.LogService;
import dev.millrace.registry.resource.tracking.RunGroupRoutes;
import dev.millrace.registry.resource.tracking.RunInfo;
import dev.millrace.registry.resource.tracking.RunRoutes;
import dev.millrace.registry.resource.tracking.RunService;
import dev.millrace.registry.security.access.AccessRoutes;
import dev.millrace.registry.security.access.AccessService;
import dev.millrace.registry.security.access.Gate;
import dev.millrace.registry.security.access.Places;
import dev.millrace.registry.security.access.Rule;
import dev.millrace.registry.security.access.Where;
import dev.millrace.registry.security.audit.Act;
import dev.millrace.registry.security.audit.AuditService;
import io.javalin.Javalin;
import io.javalin.config.JavalinConfig;
import io.javalin.config.RoutesConfig;
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
            wire(options, app, database, artifacts, clock, ids, hub);
        });
    }

    /** The route that answered; there are as many as are registered, whatever is asked for. */
    private static String pattern(Context http) {
        Endpoint matched = http.endpoints().matchedHttpEndpoint();
        return matched == null ? "none" : matched.path;
    }

    /** The whole object graph; no container. */
    private static void wire(
            ServerOptions options,
            JavalinConfig app,
            Database database,
            ArtifactStore artifacts,
            Clock clock,
            Ids ids,
            EventHub hub) {
        Tasks tasks = new Tasks(database, clock);
        app.events.serverStarted(tasks::start);
        app.events.serverStopped(tasks::close);
        ExperimentService experiments = new ExperimentService(database, tasks, clock, options.artifactFolders());
        RunService runs = new RunService(database, experiments, ids, clock);
        LoggedModelService loggedModels = new LoggedModelService(
                database, (tx, id) -> experiments.requireActive(tx, id).artifactLocation(), ids, clock);
        SecretBox secrets = SecretBox.open(options.folder());
        Destinations destinations = new Destinations(options.webhookHosts());
        Deliveries deliveries = new Deliveries(database, secrets, destinations, tasks, clock, ids);
        RegisteredModelService models = new RegisteredModelService(database, deliveries, clock);
        ModelVersionService versions =
                new ModelVersionService(database, models, new Sources.OfModels(runs, loggedModels), clock);
        RoutesConfig routes = app.routes;
        AccessService access = new AccessService(database, clock);
        app.events.serverStopped(access::close);
        AuditService audit = new AuditService(database);
        CommentService comments = new CommentService(database, clock, hub::publish);
        Places places = new Sources.OfAccess(experiments, runs, loggedModels, comments);
        new Gate(options.auth(), access, audit, places, clock, app.unsafe.internalRouter).register(routes);
        new AccessRoutes(options.auth(), access, audit).register(routes);
        if (options.auth()) access.firstAdmin().ifPresent(secret -> AdminToken.write(options.folder(), secret));
        new Announcer(hub, run -> runs.find(run).map(RunInfo::experimentId)).register(routes);
        new EventRoutes(hub).register(routes);
        new CommentRoutes(comments).register(routes);
        MlflowApi<Act> api = new MlflowApi<>(routes, Gate::act);
        new ExperimentRoutes(experiments).register(api);
        new RunRoutes(runs).register(api);
        new RunGroupRoutes(runs).register(routes);
        new LogRoutes(new LogService(database, runs, loggedModels)).register(api);
        new HistoryRoutes(new HistoryService(database, runs)).register(api);
        new InputRoutes(new InputService(database, runs)).register(api);
        new LoggedModelRoutes(loggedModels).register(api);
        new RegisteredModelRoutes(models).register(api);
        new ModelVersionRoutes(versions).register(api);
        new WebhookRoutes(new WebhookService(database, secrets, destinations, deliveries, clock, ids)).register(api);
        Sources.OfArtifacts roots = new Sources.OfArtifacts(runs, loggedModels, versions);
        new ArtifactRoutes(artifacts, roots, audit).register(routes, api);
        new UploadRoutes(artifacts, roots).register(routes, api);
        new MultipartRoutes(MultipartUploads.open(options.folder(), artifacts, Ids.secure(), clock)).register(routes);
        DriftService drift = new DriftService(database, clock);
        drift.convert();
        new DriftRoutes(drift).register(routes);
        TableService tables = new TableService(new Lake(options.lake()));
        app.events.serverStopped(tables::close);
        new TableRoutes(tables).register(routes);
        LineageService lineage = new LineageService(tables.lake(), database, clock);
        new LineageRoutes(lineage).register(routes);
        ModelColumns signatures = new Signatures(artifacts)::inputs;
        new FeatureRoutes(new FeatureService(tables, database, signatures, lineage::tablesBehind, drift::newest))
                .register(routes);
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
