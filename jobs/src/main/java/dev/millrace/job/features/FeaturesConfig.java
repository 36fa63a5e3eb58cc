package dev.millrace.job.features;

import dev.millrace.engine.feature.FeatureDeclaration;
import dev.millrace.engine.feature.WindowDefaults;
import dev.millrace.engine.feature.WindowLength;
import dev.millrace.engine.truth.LabelSource;
import dev.millrace.engine.window.Boundary;
import dev.millrace.platform.config.Checked;
import dev.millrace.platform.config.Default;
import dev.millrace.platform.config.Doc;
import dev.millrace.platform.config.Key;
import dev.millrace.platform.table.OutputRef;
import dev.millrace.platform.table.TableRef;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * A feature table to make.
 *
 * @param labels facts about the events that become known later
 * @param key columns that identify an event; part of the table when its grain is the event
 * @param createdColumn when an event became known
 * @param expressions SQL over the finished row: entity, time, kept columns, features and, by event, all of the source
 */
public record FeaturesConfig(
        @Doc("table of events") TableRef source,
        @Doc("facts about the events that become known later") Optional<LabelSource> labels,
        @Doc("columns that identify the entity of an event") List<String> entity,
        @Doc("TIMESTAMP or DATE column: when an event happened") String timeColumn,
        @Doc("columns that identify an event") List<String> key,
        @Doc("TIMESTAMP column: when an event became known") Optional<String> createdColumn,
        @Doc("feature table") OutputRef output,
        @Doc("`event`: a row per event; 1d, month: a row per entity and step") @Default("event") Grain grain,
        @Doc("window lengths: 12h, 7d, month") List<WindowLength> windows,
        @Doc("whether an event at the time of the row counts: inclusive or exclusive") @Default("exclusive")
                Boundary boundary,
        @Doc("events are known only this long after their time") @Default("0s") Duration delay,
        @Doc("value of an empty window; default NULL") @Key("default") Optional<Double> whenEmpty,
        @Doc("the windowed features") List<FeatureDeclaration> features,
        @Doc("further columns, by SQL over the finished row") Map<String, String> expressions,
        @Doc("columns of the source to write; only with `grain: event`") List<String> keep,
        @Doc("description of the table") Optional<String> description,
        @Doc("owner of the table") Optional<String> owner,
        @Doc("tags of the table") List<String> tags)
        implements Checked {

    public FeaturesConfig {
        entity = List.copyOf(entity);
        key = List.copyOf(key);
        windows = List.copyOf(windows);
        features = List.copyOf(features);
        keep = List.copyOf(keep);
        tags = List.copyOf(tags);
        if (entity.isEmpty()) throw new IllegalArgumentException("`entity` must name at least one column");
        if (features.isEmpty()) throw new IllegalArgumentException("`features` must declare at least one feature");
        labels.ifPresent(FeaturesConfig::requireLabels);
        if (!grain.isEvent() && !keep.isEmpty()) {
            throw new IllegalArgumentException(
                    "`keep` requires `grain: event`; remove `keep`, or set" + " `grain: event`");
        }
        Set<String> written = new HashSet<>();
        List<String> all = new ArrayList<>(entity);
        all.add(timeColumn);
        if (grain.isEvent()) all.addAll(key);
        all.addAll(keep);
        all.addAll(expressions.keySet());
        for (String column : all) {
            if (!written.add(column)) throw new IllegalArgumentException("writes `" + column + "` twice");
        }
    }

    private static void requireLabels(LabelSource labels) {
        if (labels.table().isEmpty())
            throw new IllegalArgumentException("`labels` requires `table`, the table of labels");
        if (labels.keys().isEmpty()) throw new IllegalArgumentException("`labels.keys` must name at least one column");
        if (labels.taken().isEmpty()) {
            throw new IllegalArgumentException("`labels` requires `column` or `columns`, the facts to use");
        }
    }

    @Override
    public void check(Findings findings) {
        defaults().checkWindows(features, findings);
    }

    WindowDefaults defaults() {
        return new WindowDefaults(windows, boundary, delay, createdColumn, whenEmpty);
    }
}
