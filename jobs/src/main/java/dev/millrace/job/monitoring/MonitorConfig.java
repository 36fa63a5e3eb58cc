package dev.millrace.job.monitoring;

import dev.millrace.engine.drift.Thresholds;
import dev.millrace.engine.monitor.MonitorDeclaration;
import dev.millrace.engine.truth.LabelSource;
import dev.millrace.platform.config.Default;
import dev.millrace.platform.config.Doc;
import dev.millrace.platform.table.OutputRef;
import dev.millrace.platform.table.TableRef;
import dev.millrace.platform.tracking.ModelUri;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * What to compare with a model's training rows.
 *
 * @param inputs the table that was scored: the model's inputs
 * @param predictions the table that scoring wrote: its answers; rows of other versions are left out
 * @param timeColumn of {@code inputs}; predictions have {@code event_time}
 * @param columns the model's columns to look at; empty = all
 * @param slices columns whose values are looked at apart; their baseline are the {@code slices} of training
 * @param failOnDrift end with exit 4 when a column of the newest window drifted
 */
public record MonitorConfig(
        @Doc("models:/NAME@ALIAS, models:/NAME/VERSION, runs:/RUN/model, or a folder") ModelUri model,
        @Doc("table that was scored") Optional<TableRef> inputs,
        @Doc("table of predictions") Optional<TableRef> predictions,
        @Doc("TIMESTAMP or DATE column of `inputs`") Optional<String> timeColumn,
        @Doc("length of a window") @Default("1d") Duration granularity,
        @Doc("columns to look at; default all the model has") List<String> columns,
        @Doc("columns whose values are looked at apart") List<String> slices,
        @Doc("what windows are compared with") @Default("training") Baseline baseline,
        @Doc("when a change is drift") @Default("{}") Thresholds thresholds,
        @Doc("where labels are and when they arrived") Optional<LabelSource> labels,
        @Doc("where the drift goes") @Default("monitoring.drift_metrics") OutputRef output,
        @Doc("where the windows' figures go") @Default("monitoring.profile_metrics") OutputRef profiles,
        @Doc("exit 4 when the newest window drifted") @Default("false") boolean failOnDrift)
        implements MonitorDeclaration {

    public MonitorConfig {
        columns = List.copyOf(columns);
        slices = List.copyOf(slices);
        if (inputs.isEmpty() && predictions.isEmpty()) {
            throw new IllegalArgumentException("names neither `inputs` nor `predictions`; there is nothing to look at");
        }
        if (inputs.isPresent() && timeColumn.isEmpty()) {
            throw new IllegalArgumentException("`inputs` needs `time-column`, by which its rows fall into windows");
        }
        if (labels.isPresent() && predictions.isEmpty()) {
            throw new IllegalArgumentException("`labels` needs `predictions`, which it judges");
        }
        if (labels.isPresent()
                && (labels.get().table().isEmpty() || labels.get().keys().isEmpty())) {
            throw new IllegalArgumentException(
                    "`labels` needs `table` and `keys`: where labels are, and what joins them with the predictions");
        }
        if (labels.isPresent() && !labels.get().columns().isEmpty()) {
            throw new IllegalArgumentException("`labels.columns` is for `features`; a model has one label");
        }
        if (granularity.compareTo(Duration.ofMinutes(1)) < 0) {
            throw new IllegalArgumentException("`granularity` is " + granularity + "; the least is 1m");
        }
        if (output.name().equals(profiles.name())) {
            throw new IllegalArgumentException("`output` and `profiles` are the same table, " + output.name());
        }
    }
}
