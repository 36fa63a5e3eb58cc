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
import dev.millrace.registry.platform.http.MlflowApi;
import dev.millrace.registry.platform.naming.Ids;
import dev.millrace.registry.platform.storage.Database;
import dev.millrace.registry.platform.tasks.Tasks;
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
import dev.millrace.registry.security.audit.Act;
import dev.millrace.registry.security.audit.AuditService;
import io.javalin.config.JavalinConfig;
import io.javalin.config.RoutesConfig;
import java.time.Clock;

/** Who knows whom: resources, security and events, wired by hand. */
final class Wiring {
    private Wiring() {}

    /** The whole object graph; no container. */
    static void of(
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
}
