package dev.millrace.cli;

import dev.millrace.flow.pipeline.PipelineOutcome;
import dev.millrace.flow.pipeline.StepOutcome;
import dev.millrace.job.Outcome;
import dev.millrace.platform.console.TextTable;
import dev.millrace.platform.console.TextTable.Align;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.StringJoiner;

/** The table at the end of a job or a pipeline: what was read and written, how long it took, where to look. */
final class ClosingTable {
    private static final String ABSENT = "–";
    private static final int WIDTH = 120;

    private ClosingTable() {}

    /** Of one job. */
    static String of(Outcome outcome) {
        TextTable table = empty();
        add(table, outcome.job(), outcome);
        return table.text() + found(outcome.job(), outcome) + reason(outcome);
    }

    /** Of a pipeline, one line per step. */
    static String of(PipelineOutcome pipeline) {
        TextTable table = empty();
        StringBuilder found = new StringBuilder();
        for (StepOutcome step : pipeline.steps()) {
            if (step.outcome().isPresent()) {
                add(table, step.name(), step.outcome().get());
                found.append(found(step.name(), step.outcome().get()));
            } else table.add(List.of(step.name(), ABSENT, ABSENT, ABSENT, unfinished(step), ABSENT));
        }
        return table.text()
                + found
                + String.format(
                        Locale.ROOT,
                        "%s in %.1f s%s%n",
                        summary(pipeline),
                        pipeline.seconds(),
                        pipeline.runUrl().map(url -> " · " + url).orElse(""));
    }

    private static String summary(PipelineOutcome pipeline) {
        if (pipeline.status().equals("up-to-date")) return "Nothing changed: every step was up to date, no row written";
        long worked = pipeline.steps().stream()
                .filter(step -> step.status().equals("done"))
                .count();
        return "Pipeline " + pipeline.status() + ": " + worked + " of "
                + pipeline.steps().size() + " steps had something to do";
    }

    private static TextTable empty() {
        return new TextTable(
                List.of("stage", "rows in", "rows out", "time", "wrote", "run"),
                List.of(Align.LEFT, Align.RIGHT, Align.RIGHT, Align.RIGHT, Align.LEFT, Align.LEFT));
    }

    private static void add(TextTable table, String stage, Outcome outcome) {
        boolean idle = outcome.status() == Outcome.Status.UP_TO_DATE;
        String wrote = outcome.produced().isEmpty() ? ABSENT : String.join(", ", outcome.produced());
        table.add(List.of(
                stage,
                number(outcome.rowsIn()),
                number(outcome.rowsOut()),
                String.format(Locale.ROOT, "%.1f s", outcome.seconds()),
                idle ? "up to date" + (outcome.produced().isEmpty() ? "" : ": " + wrote) : wrote,
                run(outcome)));
    }

    private static String run(Outcome outcome) {
        if (outcome.runUrl().isPresent()) return outcome.runUrl().get();
        return outcome.runId().isEmpty() ? ABSENT : outcome.runId();
    }

    /** What a job found out besides rows: measures, verdicts, reasons. */
    private static String found(String stage, Outcome outcome) {
        if (outcome.status() != Outcome.Status.DONE || outcome.details().isEmpty()) return "";
        StringJoiner facts = new StringJoiner(" · ", stage + ": ", "");
        outcome.details().forEach((name, value) -> facts.add(name.replace('_', ' ') + " " + value));
        return wrapped(facts.toString());
    }

    /** Lines of at most {@link #WIDTH} characters where blanks allow it, all but the first indented. */
    private static String wrapped(String text) {
        StringBuilder lines = new StringBuilder();
        int used = 0;
        for (String word : text.split(" ", -1)) {
            if (used > 0 && used + 1 + word.length() > WIDTH) {
                lines.append("\n ");
                used = 1;
            }
            if (used > 0) lines.append(' ');
            lines.append(word);
            used += word.length() + 1;
        }
        return lines.append('\n').toString();
    }

    private static String reason(Outcome outcome) {
        if (outcome.status() == Outcome.Status.DONE) return "";
        Optional<Object> reason = Optional.ofNullable(outcome.details().get("reason"));
        return reason.map(text -> "Nothing to do: " + text + "\n")
                .orElseGet(() -> "Up to date since run " + outcome.runId() + "; `--force` runs it anyway.\n");
    }

    private static String unfinished(StepOutcome step) {
        return step.waitedFor()
                .map(name -> "skipped: needs `" + name + "`")
                .orElseGet(() -> "FAILED (" + step.errorKind().orElseThrow() + ")");
    }

    private static String number(OptionalLong value) {
        return value.isPresent() ? String.format(Locale.ROOT, "%,d", value.getAsLong()) : ABSENT;
    }
}
