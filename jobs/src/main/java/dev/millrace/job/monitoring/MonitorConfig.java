package dev.millrace.job.monitoring;

import dev.millrace.engine.drift.Thresholds;
import dev.millrace.engine.monitor.Granularity;
import dev.millrace.engine.monitor.MonitorDeclaration;
import dev.millrace.engine.truth.LabelSource;
import dev.millrace.platform.config.Default;
import dev.millrace.platform.config.Doc;
import dev.millrace.platform.table.OutputRef;
import dev.millrace.platform.table.TableRef;
import dev.millrace.platform.tracking.ModelUri;
import java.util.List;
import java.util.Optional;

/**
 * What to compare with a model's training rows.
 *
 * @param inputs the table that was scored: the model's inputs
 * @param predictions the table that scoring wrote: its answers; rows of other versions are left out
 * @param timeColumn of {@code inputs}; predictions have {@code event_time}
 * @param columns the model's columns to look at; empty = all
 * @param slices columns whose values are also compared separately; their baseline are the {@code slices} of training
 * @param failOnDrift end with exit 4 when a column of the newest window drifted
 */
public record MonitorConfig(
        @Doc("models:/NAME@ALIAS, models:/NAME/VERSION, runs:/RUN/model, or a model directory") ModelUri model,
        @Doc("table with the rows that were scored") Optional<TableRef> inputs,
        @Doc("table of predictions") Optional<TableRef> predictions,
        @Doc("TIMESTAMP or DATE column of `inputs`") Optional<String> timeColumn,
        @Doc("length of a window: a duration of at least 1m, or month, quarter, year") @Default("1d")
                Granularity granularity,
        @Doc("inputs and outputs to compare; default all") List<String> columns,
        @Doc("columns whose values are also compared separately") List<String> slices,
        @Doc("what each window is compared with: training, previous or both") @Default("training") Baseline baseline,
        @Doc("thresholds of drift") @Default("{}") Thresholds thresholds,
        @Doc("where labels are and when they arrived") Optional<LabelSource> labels,
        @Doc("table for the drift") @Default("monitoring.drift_metrics") OutputRef output,
        @Doc("table for the statistics and quality of each window") @Default("monitoring.profile_metrics")
                OutputRef profiles,
        @Doc("exit code 4 if a column of the newest window drifted") @Default("false") boolean failOnDrift)
        implements MonitorDeclaration {

    public MonitorConfig {
        columns = List.copyOf(columns);
        slices = List.copyOf(slices);
        if (inputs.isEmpty() && predictions.isEmpty()) {
            throw new IllegalArgumentException("has neither `inputs` nor `predictions`; set at least one of them");
        }
        if (inputs.isPresent() && timeColumn.isEmpty()) {
            throw new IllegalArgumentException("`inputs` requires `time-column`, which assigns its rows to windows");
        }
        if (labels.isPresent() && predictions.isEmpty()) {
            throw new IllegalArgumentException("`labels` requires `predictions`, the table to evaluate");
        }
        if (labels.isPresent()
                && (labels.get().table().isEmpty() || labels.get().keys().isEmpty())) {
            throw new IllegalArgumentException(
                    "`labels` requires `table` and `keys`: the table of labels, and the columns that join it with the predictions");
        }
        if (labels.isPresent() && !labels.get().columns().isEmpty()) {
            throw new IllegalArgumentException("`labels.columns` is only valid for `features`; set `labels.column`");
        }
        if (output.name().equals(profiles.name())) {
            throw new IllegalArgumentException("`output` and `profiles` are the same table, " + output.name());
        }
    }
}
