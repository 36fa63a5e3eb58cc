package dev.millrace.registry.resource.loggedmodels;

import dev.millrace.registry.platform.error.MillraceException;
import dev.millrace.registry.platform.search.Attribute;
import dev.millrace.registry.platform.search.Entity;
import dev.millrace.registry.platform.search.KeyedValues;
import dev.millrace.registry.platform.search.OrderPart;
import dev.millrace.registry.platform.search.SearchRequest;
import dev.millrace.registry.platform.search.SearchSchema;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * What can be searched and sorted in logged models, made for one query: datasets narrow the points of metrics that a
 * filter sees, and each key of the order may have a dataset of its own. A filter holds when any point of the metric
 * meets it; an order takes the latest.
 */
final class LoggedModelSchema {
    private static final String METRICS = "metrics.";
    private static final Map<String, Attribute> ATTRIBUTES = attributes();

    private final Map<String, Object> bound = new HashMap<>();
    private final Map<String, Attribute> attributes = new HashMap<>(ATTRIBUTES);
    private final List<String> clauses = new ArrayList<>();
    private final LoggedModelQuery query;
    private final String ofDatasets;

    private LoggedModelSchema(LoggedModelQuery query) {
        this.query = query;
        this.ofDatasets = query.datasets().stream()
                .map(dataset -> "(" + about(Optional.of(dataset.name()), dataset.digest()) + ")")
                .collect(Collectors.joining(" OR "));
        query.order().forEach(this::order);
    }

    /** @throws MillraceException USAGE for an unknown key of the order */
    static LoggedModelSchema of(LoggedModelQuery query) {
        return new LoggedModelSchema(query);
    }

    private static Map<String, Attribute> attributes() {
        Attribute created = Attribute.number("l.created_at");
        Attribute updated = Attribute.number("l.updated_at");
        Map<String, Attribute> known = new HashMap<>();
        known.put("name", Attribute.name("l.name"));
        known.put("model_id", Attribute.name("l.model_id"));
        known.put("model_type", Attribute.name("l.model_type"));
        known.put("status", Attribute.name("substr(l.status, " + ("LOGGED_MODEL_".length() + 1) + ")"));
        known.put("source_run_id", Attribute.name("l.source_run"));
        known.put("experiment_id", Attribute.name("CAST(l.experiment_id AS TEXT)"));
        known.put("artifact_location", Attribute.name("l.artifact_uri"));
        for (String name : List.of("creation_timestamp", "creation_timestamp_ms", "creation_time")) {
            known.put(name, created);
        }
        for (String name : List.of("last_updated_timestamp", "last_updated_timestamp_ms")) known.put(name, updated);
        return Map.copyOf(known);
    }

    SearchSchema schema() {
        String table = ofDatasets.isEmpty()
                ? "logged_model_metrics"
                : "(SELECT owner_id, key, value, is_nan FROM logged_model_metrics m WHERE " + ofDatasets + ")";
        Map<String, String> sortable = attributes.entrySet().stream()
                .collect(Collectors.toMap(
                        Map.Entry::getKey, entry -> entry.getValue().sql()));
        return new SearchSchema(
                attributes,
                Map.of(),
                Map.of(
                        Entity.METRIC, KeyedValues.metrics(table, "owner_id", "l.id"),
                        Entity.PARAMETER, KeyedValues.listedTexts(LoggedModelRepository.PARAMS.table(), "l.id"),
                        Entity.TAG, KeyedValues.listedTexts(LoggedModelRepository.TAGS.table(), "l.id")),
                sortable,
                List.of(new OrderPart("l.created_at", true), new OrderPart("l.id", true)),
                List.of());
    }

    /** The search with its order as clauses; its page tokens hold for these experiments and datasets only. */
    SearchRequest request() {
        return new SearchRequest(
                query.filter(),
                clauses,
                query.maxResults(),
                query.pageToken(),
                query.experiments() + " " + query.datasets() + " " + query.order());
    }

    /** A condition that all rows must meet; with datasets, that the model has a metric about one of them. */
    String where() {
        List<String> ids = new ArrayList<>();
        query.experiments().forEach(id -> ids.add(bind(id)));
        String active = "l.lifecycle = 'active' AND l.experiment_id IN (" + String.join(", ", ids) + ")";
        return ofDatasets.isEmpty()
                ? active
                : active + " AND l.id IN (SELECT m.owner_id FROM logged_model_metrics m WHERE " + ofDatasets + ")";
    }

    /** Values of everything above; complete when {@link #where} has been called. */
    Map<String, Object> bound() {
        return bound;
    }

    private void order(LoggedModelQuery.OrderBy term) {
        String field = term.field();
        String direction = term.ascending() ? " ASC" : " DESC";
        if (field.startsWith(METRICS)) {
            String name = "order " + clauses.size();
            attributes.put(name, new Attribute(latest(term), true, Set.of(), "%s"));
            clauses.add("`" + name + "`" + direction);
            return;
        }
        if (field.contains(".")) {
            throw MillraceException.invalid("Invalid order by field name: " + field + ". Only metrics are supported.");
        }
        if (!ATTRIBUTES.containsKey(field)) throw MillraceException.invalid("Invalid order by field name: " + field);
        clauses.add("`" + field + "`" + direction);
    }

    /** The latest point, by time and step; NULL without one. */
    private String latest(LoggedModelQuery.OrderBy term) {
        return "(SELECT CASE WHEN m.is_nan = 1 THEN NULL ELSE m.value END FROM logged_model_metrics m"
                + " WHERE m.owner_id = l.id AND m.key = " + bind(term.field().substring(METRICS.length()))
                + " AND " + about(term.dataset(), term.digest())
                + " ORDER BY m.ts DESC, m.step DESC, m.run_uuid, m.dataset_name, m.dataset_digest LIMIT 1)";
    }

    private String about(Optional<String> dataset, Optional<String> digest) {
        List<String> parts = new ArrayList<>();
        dataset.ifPresent(name -> parts.add("m.dataset_name = " + bind(name)));
        digest.ifPresent(text -> parts.add("m.dataset_digest = " + bind(text)));
        return parts.isEmpty() ? "1 = 1" : String.join(" AND ", parts);
    }

    private String bind(Object value) {
        String name = "q" + bound.size();
        bound.put(name, value);
        return ":" + name;
    }
}
