package dev.millrace.registry.lake.features;

import dev.millrace.registry.lake.tables.TableService;
import dev.millrace.registry.lake.tables.TableState;
import dev.millrace.registry.platform.storage.Database;
import dev.millrace.registry.resource.drift.ColumnDrift;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/** Joins the catalog of the lake's tables with the models that take the features, and with how these drifted. */
public final class FeatureService {
    private static final int MOST_VERSIONS = 200;

    private final TableService tables;
    private final Database database;
    private final ModelColumns signatures;
    private final TablesBehind lineage;
    private final ModelDrift drift;
    private final FeatureRepository repository = new FeatureRepository();

    public FeatureService(
            TableService tables, Database database, ModelColumns signatures, TablesBehind lineage, ModelDrift drift) {
        this.tables = tables;
        this.database = database;
        this.signatures = signatures;
        this.lineage = lineage;
        this.drift = drift;
    }

    /**
     * @param features by table, in the table's order
     * @param unreadable tables that could not be looked into, each with the reason
     */
    record Found(List<Feature> features, Map<String, String> unreadable) {}

    /** @param search words that must all occur in name, table, description, owner, tags, entity; empty: all */
    Found find(String search) {
        TableService.States states = tables.states();
        List<Feature> described = new ArrayList<>();
        for (TableState table : states.readable()) described.addAll(Catalog.of(table));
        List<String> words = List.of(search.toLowerCase(Locale.ROOT).strip().split("\\s+"));
        List<Feature> chosen =
                described.stream().filter(feature -> has(feature, words)).toList();
        return new Found(chosen.isEmpty() ? chosen : used(chosen), states.unreadable());
    }

    private static boolean has(Feature feature, List<String> words) {
        String text = String.join(
                        " ",
                        feature.name(),
                        feature.table(),
                        feature.description(),
                        feature.owner().orElse(""),
                        String.join(" ", feature.tags()),
                        String.join(" ", feature.entity()))
                .toLowerCase(Locale.ROOT);
        return words.stream().allMatch(text::contains);
    }

    private List<Feature> used(List<Feature> features) {
        List<FeatureRepository.Version> versions = database.read(tx -> repository.versions(tx, MOST_VERSIONS));
        Map<FeatureRepository.Version, Set<String>> takes = new HashMap<>();
        for (FeatureRepository.Version version : versions) {
            signatures.of(version.location()).ifPresent(columns -> takes.put(version, columns));
        }
        List<FeatureRepository.Version> signed =
                versions.stream().filter(takes::containsKey).toList();
        List<Set<String>> behind =
                lineage.of(signed.stream().map(FeatureRepository.Version::ref).toList());
        Map<String, List<Feature.Drift>> drifted = drifted(features, signed);
        return features.stream()
                .map(feature -> {
                    List<Feature.Use> uses = new ArrayList<>();
                    for (int i = 0; i < signed.size(); i++) {
                        FeatureRepository.Version version = signed.get(i);
                        if (takes.get(version).contains(feature.name()) && isFrom(feature.table(), behind.get(i))) {
                            uses.add(new Feature.Use(version.model(), version.version(), version.aliases()));
                        }
                    }
                    uses.sort(Comparator.comparing(Feature.Use::model)
                            .thenComparing(
                                    Comparator.comparing(Feature.Use::version).reversed()));
                    return with(feature, uses, drifted.getOrDefault(feature.name(), List.of()));
                })
                .toList();
    }

    /** By column. */
    private Map<String, List<Feature.Drift>> drifted(List<Feature> features, List<FeatureRepository.Version> signed) {
        Set<String> models = new TreeSet<>();
        signed.forEach(version -> models.add(version.model()));
        Set<String> columns = new HashSet<>();
        features.forEach(feature -> columns.add(feature.name()));
        Map<String, List<Feature.Drift>> found = new HashMap<>();
        for (ColumnDrift one : drift.newest(models, columns)) {
            found.computeIfAbsent(one.column(), column -> new ArrayList<>())
                    .add(new Feature.Drift(one.model(), one.version(), one.windowStart(), one.verdict(), one.psi()));
        }
        return found;
    }

    /** Two tables may have a column of one name; where nothing is recorded the name has to do. */
    private static boolean isFrom(String table, Set<String> behind) {
        return behind.isEmpty() || behind.contains(table);
    }

    private static Feature with(Feature feature, List<Feature.Use> uses, List<Feature.Drift> drift) {
        Set<String> models = Set.copyOf(uses.stream().map(Feature.Use::model).toList());
        Map<String, Feature.Drift> newest = new HashMap<>();
        drift.stream().filter(one -> models.contains(one.model())).forEach(one -> newest.putIfAbsent(one.model(), one));
        return new Feature(
                feature.name(),
                feature.table(),
                feature.version(),
                feature.type(),
                feature.description(),
                feature.aggregation(),
                feature.window(),
                feature.entity(),
                feature.time(),
                feature.source(),
                feature.owner(),
                feature.tags(),
                feature.expression(),
                uses,
                newest.values().stream()
                        .sorted(Comparator.comparing(Feature.Drift::model))
                        .toList());
    }

    /** Whether there is anything to derive from. */
    Optional<String> lake() {
        return tables.lake().exists() ? Optional.of(tables.lake().root().toString()) : Optional.empty();
    }
}
