package dev.millrace.inspect;

import dev.millrace.platform.console.TextTable;
import dev.millrace.platform.console.TextTable.Align;
import dev.millrace.platform.table.CommitMetadata;
import dev.millrace.platform.table.DeltaHistory;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;

/**
 * One table of a lake with its columns and commits.
 *
 * @param commits up to the version shown, the newest first, at most 1,000
 */
public record TableDetail(
        TableSummary summary, StructType schema, List<String> partitionColumns, List<DeltaHistory.Entry> commits) {
    /** Commits that are shown; the summary has the number of all. */
    static final int COMMITS = 1_000;

    public TableDetail {
        partitionColumns = List.copyOf(partitionColumns);
        commits = List.copyOf(commits);
    }

    /** For people. */
    public String text() {
        String head = summary.table() + "@" + summary.version() + ": " + TableList.counted(summary.rows())
                + " rows, " + TableList.size(summary.bytes()) + " in " + summary.files() + " files"
                + (partitionColumns.isEmpty() ? "" : ", partitioned by " + String.join(", ", partitionColumns))
                + "\n\n";
        TextTable columns =
                new TextTable(List.of("column", "type", "null"), List.of(Align.LEFT, Align.LEFT, Align.LEFT));
        for (StructField field : schema.fields()) {
            columns.add(List.of(field.name(), field.dataType().sql(), field.nullable() ? "" : "never"));
        }
        TextTable history = new TextTable(
                List.of("version", "time", "operation", "rows written", "by", "run"),
                List.of(Align.RIGHT, Align.LEFT, Align.LEFT, Align.RIGHT, Align.LEFT, Align.LEFT));
        commits.forEach(commit -> history.add(List.of(
                String.valueOf(commit.version()),
                TableList.toSeconds(commit.at()),
                commit.operation(),
                String.format(Locale.ROOT, "%,d", commit.rows()),
                commit.millrace().map(CommitMetadata::job).orElse("–"),
                commit.millrace().map(CommitMetadata::runId).orElse("–"))));
        long older = summary.versions() - commits.size();
        String rest = older > 0 ? String.format(Locale.ROOT, "%,d older versions are not listed.%n", older) : "";
        return head + columns.text() + "\n" + history.text() + rest;
    }

    /** As one JSON object: the summary's keys, {@code columns}, {@code partition_columns} and {@code commits}. */
    public Map<String, Object> toJson() {
        Map<String, Object> json = summary.toJson();
        json.put("partition_columns", partitionColumns);
        json.put(
                "columns",
                java.util.Arrays.stream(schema.fields())
                        .map(TableDetail::column)
                        .toList());
        json.put("commits", commits.stream().map(TableDetail::commit).toList());
        return json;
    }

    private static Map<String, Object> column(StructField field) {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("name", field.name());
        json.put("type", field.dataType().sql());
        json.put("nullable", field.nullable());
        return json;
    }

    private static Map<String, Object> commit(DeltaHistory.Entry commit) {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("version", commit.version());
        json.put("at", commit.at().toString());
        json.put("operation", commit.operation());
        json.put("rows_written", commit.rows());
        json.put("job", commit.millrace().map(CommitMetadata::job).orElse(null));
        json.put("run_id", commit.millrace().map(CommitMetadata::runId).orElse(null));
        return json;
    }
}
