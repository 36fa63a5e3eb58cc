package dev.millrace.job;

import com.fasterxml.jackson.databind.node.TextNode;
import dev.millrace.platform.config.JobFile;
import dev.millrace.platform.table.Commit;
import dev.millrace.platform.table.TableVersion;
import dev.millrace.platform.tracking.Run;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.StructType;

/** What every job's run tells, in MLflow's terms: its parameters, the datasets it read and made, its figures. */
final class RunFacts {
    private RunFacts() {}

    /** Every key of the effective section, flattened by dots, and the seed. */
    static void params(Run run, JobFile file) {
        Map<String, String> flat = new LinkedHashMap<>();
        flatten("", file.effectiveSection(), flat);
        flat.forEach(run::param);
        run.param("seed", file.common().seed());
    }

    private static void flatten(String prefix, Object value, Map<String, String> flat) {
        if (value instanceof Map<?, ?> map) {
            map.forEach(
                    (key, inner) -> flatten(prefix.isEmpty() ? String.valueOf(key) : prefix + "." + key, inner, flat));
        } else if (!prefix.equals("seed")) {
            flat.put(prefix.isEmpty() ? "value" : paramKey(prefix), String.valueOf(value));
        }
    }

    /** MLflow allows letters, digits, and these: _ - . blank : / . */
    private static String paramKey(String key) {
        String clean = key.replaceAll("[^\\p{L}\\p{N}_\\-. :/]", "_");
        return clean.length() <= 250 ? clean : clean.substring(0, 250);
    }

    /** A pinned table as an MLflow dataset of context {@code input}, with its schema. */
    static void input(Run run, TableVersion input) {
        run.dataset(
                input.name(),
                digest(input.tableId(), input.version()),
                "delta_table",
                "{\"path\":" + quoted(input.location()) + ",\"delta_table_version\":" + input.version()
                        + ",\"delta_table_id\":" + quoted(input.tableId()) + "}",
                schemaJson(input.schema()),
                "input");
    }

    /** Rows and figures as metrics, each commit as a dataset of context {@code output}. */
    static void result(Run run, JobResult result, List<Commit> commits) {
        result.rowsIn().ifPresent(rows -> run.metric("rows_in", (double) rows));
        result.rowsOut().ifPresent(rows -> run.metric("rows_out", (double) rows));
        result.details().forEach((key, value) -> {
            if (value instanceof Number number) run.metric(key, number.doubleValue());
        });
        for (Commit commit : commits) {
            run.dataset(
                    commit.table(),
                    digest(commit.tableId(), commit.version()),
                    "delta_table",
                    "{\"delta_table_version\":" + commit.version() + ",\"delta_table_id\":" + quoted(commit.tableId())
                            + "}",
                    "",
                    "output");
        }
    }

    private static String digest(String tableId, long version) {
        return tableId.substring(0, Math.min(8, tableId.length())) + "-v" + version;
    }

    private static String schemaJson(StructType schema) {
        StringBuilder json = new StringBuilder("{\"mlflow_colspec\":[");
        for (int i = 0; i < schema.size(); i++) {
            if (i > 0) json.append(',');
            json.append("{\"type\":")
                    .append(quoted(mlflowType(schema.apply(i).dataType())))
                    .append(",\"name\":")
                    .append(quoted(schema.apply(i).name()))
                    .append(",\"required\":false}");
        }
        return json.append("]}").toString();
    }

    private static String mlflowType(DataType type) {
        return switch (type.typeName()) {
            case "byte", "short", "integer" -> "integer";
            case "long" -> "long";
            case "float" -> "float";
            case "boolean" -> "boolean";
            case "binary" -> "binary";
            case "date", "timestamp" -> "datetime";
            case "string" -> "string";
            default -> type.typeName().startsWith("decimal") || type.typeName().equals("double") ? "double" : "string";
        };
    }

    private static String quoted(String text) {
        return TextNode.valueOf(text).toString();
    }
}
