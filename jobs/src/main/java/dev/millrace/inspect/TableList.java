package dev.millrace.inspect;

import dev.millrace.platform.console.TextTable;
import dev.millrace.platform.console.TextTable.Align;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalLong;

/** The tables of a lake, sorted by name. */
public record TableList(List<TableSummary> tables) {
    private static final List<String> UNITS = List.of("B", "KiB", "MiB", "GiB", "TiB", "PiB");

    public TableList {
        tables = List.copyOf(tables);
    }

    /** For people. */
    public String text() {
        if (tables.isEmpty()) return "The data lake has no tables yet. Run `ingest` or `generate` first.\n";
        TextTable table = new TextTable(
                List.of("table", "version", "versions", "rows", "size", "written", "by", "run"),
                List.of(
                        Align.LEFT,
                        Align.RIGHT,
                        Align.RIGHT,
                        Align.RIGHT,
                        Align.RIGHT,
                        Align.LEFT,
                        Align.LEFT,
                        Align.LEFT));
        tables.forEach(summary -> table.add(row(summary)));
        return table.text();
    }

    private static List<String> row(TableSummary summary) {
        if (summary.problem().isPresent()) {
            return List.of(
                    summary.table(), "–", "–", "–", "–", "–", summary.problem().get(), "");
        }
        return List.of(
                summary.table(),
                String.valueOf(summary.version()),
                String.valueOf(summary.versions()),
                counted(summary.rows()),
                size(summary.bytes()),
                summary.writtenAt().map(TableList::toSeconds).orElse("–"),
                summary.job().orElse("–"),
                summary.runId().orElse("–"));
    }

    static String toSeconds(Instant moment) {
        return moment.truncatedTo(ChronoUnit.SECONDS).toString();
    }

    static String counted(OptionalLong rows) {
        return rows.isPresent() ? String.format(Locale.ROOT, "%,d", rows.getAsLong()) : "–";
    }

    /** {@code 1.5 MiB}: powers of 1024. */
    static String size(long bytes) {
        double value = bytes;
        int unit = 0;
        while (value >= 1024 && unit < UNITS.size() - 1) {
            value /= 1024;
            unit++;
        }
        return unit == 0 ? bytes + " B" : String.format(Locale.ROOT, "%.1f %s", value, UNITS.get(unit));
    }

    /** As one JSON object with the list {@code tables}. */
    public Map<String, Object> toJson() {
        return Map.of("tables", tables.stream().map(TableSummary::toJson).toList());
    }
}
