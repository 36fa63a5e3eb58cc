package dev.millrace.registry.security.access;

import static dev.millrace.registry.security.access.Rule.admin;
import static dev.millrace.registry.security.access.Rule.approve;
import static dev.millrace.registry.security.access.Rule.edit;
import static dev.millrace.registry.security.access.Rule.list;
import static dev.millrace.registry.security.access.Rule.log;
import static dev.millrace.registry.security.access.Rule.secret;
import static dev.millrace.registry.security.access.Rule.toAll;
import static dev.millrace.registry.security.access.Rule.view;
import static dev.millrace.registry.security.access.Where.artifacts;
import static dev.millrace.registry.security.access.Where.experimentNames;
import static dev.millrace.registry.security.access.Where.experimentOrDefault;
import static dev.millrace.registry.security.access.Where.experiments;
import static dev.millrace.registry.security.access.Where.loggedModel;
import static dev.millrace.registry.security.access.Where.models;
import static dev.millrace.registry.security.access.Where.runs;
import static dev.millrace.registry.security.access.Where.source;
import static dev.millrace.registry.security.access.Where.topics;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * The rule of every route, in one table; a route without one is refused, and a test holds the table against the routes
 * there are. Keys are verb and path; MLflow's calls stand without their prefix, since both prefixes obey one rule.
 */
final class Rules {
    private static final String[] PREFIXES = {"/api/2.0/mlflow/", "/ajax-api/2.0/mlflow/"};
    private static final String[] PROXIES = {"/api/2.0/mlflow-artifacts/", "/ajax-api/2.0/mlflow-artifacts/"};
    private static final Map<String, Rule> TABLE = new HashMap<>();

    static {
        pages();
        tracking();
        registry();
        files();
        ours();
    }

    private Rules() {}

    private static void pages() {
        for (String route : new String[] {
            "GET /",
            "GET /favicon.ico",
            "GET /static/<path>",
            "GET /webjars/<path>",
            "GET /health",
            "GET /version",
            "GET /openapi.json",
            "POST /api/v1/session"
        }) {
            TABLE.put(route, toAll());
        }
        for (String route : new String[] {
            "GET /api/v1/version", "GET /api/3.0/mlflow/server-info", "GET /ajax-api/3.0/mlflow/server-info",
            "GET /api/v1/me", "DELETE /api/v1/session", "GET /api/v1/tokens"
        }) {
            TABLE.put(route, view(Where.NOTHING));
        }
    }

    private static void tracking() {
        Where experiment = experiments("experiment_id");
        TABLE.put("GET experiments/get", view(experiment));
        TABLE.put("GET experiments/get-by-name", view(experimentNames("experiment_name")));
        TABLE.put("GET experiments/search", list("experiments", "name", Target.Kind.EXPERIMENT));
        TABLE.put("POST experiments/search", list("experiments", "name", Target.Kind.EXPERIMENT));
        TABLE.put("POST experiments/search-datasets", view(experiments("experiment_ids")));
        TABLE.put("POST experiments/create", edit(experimentNames("name")));
        TABLE.put("POST experiments/update", edit(experiment.and(experimentNames("new_name"))));
        TABLE.put("POST experiments/delete", edit(experiment));
        TABLE.put("POST experiments/restore", edit(experiment));
        TABLE.put("POST experiments/set-experiment-tag", edit(experiment));
        TABLE.put("POST experiments/delete-experiment-tag", edit(experiment));
        TABLE.put("GET runs/get", view(runs()));
        TABLE.put("POST runs/search", view(experiments("experiment_ids")));
        TABLE.put("POST runs/create", log(experimentOrDefault("experiment_id")));
        TABLE.put("POST runs/delete", edit(runs()));
        TABLE.put("POST runs/restore", edit(runs()));
        for (String call : new String[] {
            "update",
            "log-metric",
            "log-parameter",
            "log-param",
            "set-tag",
            "delete-tag",
            "log-batch",
            "log-model",
            "log-inputs",
            "outputs"
        }) {
            TABLE.put("POST runs/" + call, log(runs()));
        }
        TABLE.put("GET metrics/get-history", view(runs()));
        TABLE.put("GET metrics/get-history-bulk", view(runs("run_ids")));
        TABLE.put("GET metrics/get-history-bulk-interval", view(runs("run_ids")));
        TABLE.put("POST logged-models", log(experiment));
        TABLE.put("POST logged-models/search", view(experiments("experiment_ids")));
        TABLE.put("GET logged-models/{model_id}", view(loggedModel()));
        TABLE.put("PATCH logged-models/{model_id}", log(loggedModel()));
        TABLE.put("DELETE logged-models/{model_id}", edit(loggedModel()));
        TABLE.put("PATCH logged-models/{model_id}/tags", log(loggedModel()));
        TABLE.put("DELETE logged-models/{model_id}/tags/{tag_key}", log(loggedModel()));
        TABLE.put("POST logged-models/{model_id}/params", log(loggedModel()));
    }

    private static void registry() {
        Where model = models("name");
        for (String call : new String[] {
            "registered-models/get",
            "registered-models/get-latest-versions",
            "registered-models/alias",
            "model-versions/get",
            "model-versions/get-download-uri"
        }) {
            TABLE.put("GET " + call, view(model));
        }
        TABLE.put("POST registered-models/get-latest-versions", view(model));
        TABLE.put("GET registered-models/search", list("registered_models", "name", Target.Kind.MODEL));
        TABLE.put("GET model-versions/search", list("model_versions", "name", Target.Kind.MODEL));
        TABLE.put("POST registered-models/create", edit(model));
        TABLE.put("POST registered-models/rename", approve(models("name", "new_name")));
        TABLE.put("PATCH registered-models/update", edit(model));
        TABLE.put("DELETE registered-models/delete", admin(model));
        TABLE.put("POST registered-models/set-tag", edit(model));
        TABLE.put("DELETE registered-models/delete-tag", edit(model));
        // A version can be downloaded by whoever sees its model: the maker must have been able to see what it is made
        // of.
        TABLE.put("POST model-versions/create", edit(model).whoSees(source()));
        TABLE.put("PATCH model-versions/update", edit(model));
        TABLE.put("POST model-versions/set-tag", edit(model));
        TABLE.put("DELETE model-versions/delete-tag", edit(model));
        TABLE.put("POST model-versions/transition-stage", approve(model));
        TABLE.put("DELETE model-versions/delete", approve(model));
        TABLE.put("POST registered-models/alias", approve(model));
        TABLE.put("DELETE registered-models/alias", approve(model));
        // A webhook tells of every model, to a place of its maker's choosing.
        TABLE.put("GET webhooks", secret(Where.SERVER));
        TABLE.put("GET webhooks/{webhook_id}", secret(Where.SERVER));
        TABLE.put("POST webhooks", admin(Where.SERVER));
        TABLE.put("PATCH webhooks/{webhook_id}", admin(Where.SERVER));
        TABLE.put("DELETE webhooks/{webhook_id}", admin(Where.SERVER));
        TABLE.put("POST webhooks/{webhook_id}/test", admin(Where.SERVER));
    }

    private static void files() {
        TABLE.put("GET proxy/artifacts", view(artifacts()));
        TABLE.put("GET proxy/artifacts/<path>", view(artifacts()));
        TABLE.put("PUT proxy/artifacts/<path>", log(artifacts()));
        TABLE.put("DELETE proxy/artifacts/<path>", edit(artifacts()));
        for (String step : new String[] {"create", "complete", "abort"}) {
            TABLE.put("POST proxy/mpu/" + step + "/<path>", log(artifacts()));
        }
        // Clients send parts without a token: the upload's id, which cannot be guessed, stands for the permission to
        // create.
        TABLE.put("PUT proxy/mpu/parts/{upload_id}/{part_number}", toAll());
        TABLE.put("GET proxy/presigned/<path>", view(artifacts()));
        TABLE.put("POST upload-artifact", log(runs()));
        TABLE.put("POST artifacts/presigned-upload-url", log(runs().and(loggedModel())));
        TABLE.put("POST artifacts/presigned-download-url", view(runs()));
        TABLE.put("GET /get-artifact", view(runs()));
        TABLE.put("GET /model-versions/get-artifact", view(models("name")));
        TABLE.put("GET logged-models/{model_id}/artifacts/files", view(loggedModel()));
        TABLE.put("GET logged-models/{model_id}/artifacts/directories", view(loggedModel()));
        TABLE.put("GET artifacts/list", view(runs()));
    }

    private static void ours() {
        TABLE.put("GET /api/v1/drift", list("models", "model", Target.Kind.MODEL));
        TABLE.put("GET /api/v1/drift/{model}", view(models("model")));
        TABLE.put("GET /api/v1/drift/{model}/windows", view(models("model")));
        TABLE.put("PUT /api/v1/drift/{model}/{version}/{window_start}", log(models("model")));
        TABLE.put("POST /api/v1/runs/groups", view(experiments("experiment_ids")));
        TABLE.put("GET /metrics", view(Where.SERVER));
        // A table holds everybody's data: to see it takes a role on the whole server.
        for (String route : new String[] {"", "/{table}", "/{table}/history", "/{table}/rows"}) {
            TABLE.put("GET /api/v1/tables" + route, view(Where.SERVER));
        }
        TABLE.put("GET /api/v1/lineage", view(Where.SERVER));
        TABLE.put("GET /api/v1/features", view(Where.SERVER));
        TABLE.put("GET /api/v1/events", view(topics("topic")));
        TABLE.put("GET /api/v1/comments", view(topics("target")));
        // Whoever may read may speak: reviewers need not be editors.
        TABLE.put("POST /api/v1/comments", view(topics("target")));
        TABLE.put("PATCH /api/v1/comments/{id}", view(Where.NOTHING));
        TABLE.put("DELETE /api/v1/comments/{id}", view(Where.NOTHING));
        TABLE.put("POST /api/v1/tokens", edit(Where.NOTHING));
        TABLE.put("DELETE /api/v1/tokens/{id}", edit(Where.NOTHING));
        TABLE.put("GET /api/v1/users", secret(Where.SERVER));
        TABLE.put("PUT /api/v1/users/{name}", admin(Where.SERVER));
        TABLE.put("DELETE /api/v1/users/{name}", admin(Where.SERVER));
        TABLE.put("GET /api/v1/audit", secret(Where.SERVER));
    }

    /** The key of a route: {@code POST runs/create}. HEAD obeys the rule of GET. */
    static String key(String verb, String path) {
        String method = verb.equals("HEAD") ? "GET" : verb;
        for (String prefix : PREFIXES) {
            if (path.startsWith(prefix)) return method + " " + path.substring(prefix.length());
        }
        for (String prefix : PROXIES) {
            if (path.startsWith(prefix)) return method + " proxy/" + path.substring(prefix.length());
        }
        return method + " " + path;
    }

    static Optional<Rule> of(String key) {
        return Optional.ofNullable(TABLE.get(key));
    }

    /** Every key there is a rule for. */
    static java.util.Set<String> keys() {
        return java.util.Set.copyOf(TABLE.keySet());
    }
}
