package dev.millrace.job.monitoring;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.millrace.engine.monitor.DriftTable;
import dev.millrace.engine.monitor.MonitorRows;
import dev.millrace.platform.config.JobFile;
import dev.millrace.platform.config.Overrides;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;
import org.junit.jupiter.api.Test;

/** What the jobs send is the body that conf/contract/drift-put.json shows, which the server's tests read too. */
class DriftContractTest {
    private static final ObjectMapper JSON = new ObjectMapper();

    @Test
    void theBodyIsThatOfTheContract() throws IOException {
        JsonNode contract = JSON.readTree(
                        Path.of("../conf/contract/drift-put.json").toFile())
                .get("body");
        List<Row> rows = new ArrayList<>();
        for (JsonNode row : contract.get("rows")) rows.add(row(row, DriftTable.SCHEMA));
        MonitorConfig config = JobFile.read(
                        "monitor.yaml",
                        "{job: monitor, monitor: {model: m, predictions: predictions.fraud}}",
                        Optional.empty(),
                        Overrides.none(),
                        name -> null)
                .bind(MonitorConfig.class);
        String run = contract.get("run_id").asText();

        MonitorRows about = new MonitorRows(config, null, run, "fraud", Optional.of(3));

        List<String> bodies = new DriftTable(about).bodies(rows, about.owner(List.of("predictions.fraud")));

        assertThat(bodies).hasSize(1);
        assertThat(JSON.readTree(bodies.get(0))).isEqualTo(complete(contract));
        List<Row> many = Collections.nCopies(10_001, rows.get(0));
        List<String> parts = new DriftTable(about).bodies(many, "o");
        assertThat(parts).hasSize(2);
        assertThat(JSON.readTree(parts.get(1)).get("part").asInt()).isEqualTo(2);
        assertThat(JSON.readTree(parts.get(1)).get("parts").asInt()).isEqualTo(2);
        assertThat(JSON.readTree(parts.get(1)).get("rows")).hasSize(1);
    }

    private static Row row(JsonNode values, StructType schema) {
        List<Object> row = new ArrayList<>();
        for (StructField field : schema.fields()) row.add(value(values.get(field.name()), field.dataType()));
        return RowFactory.create(row.toArray());
    }

    private static Object value(JsonNode node, DataType type) {
        if (node == null || node.isNull()) return null;
        if (type instanceof StructType inner) return row(node, inner);
        if (type.equals(DataTypes.DoubleType)) return Double.valueOf(node.asText());
        if (type.equals(DataTypes.TimestampType)) return Instant.ofEpochMilli(node.asLong());
        if (type.equals(DataTypes.IntegerType)) return node.asInt();
        return type.equals(DataTypes.LongType) ? (Object) node.asLong() : node.asText();
    }

    /** The contract's body with a null for what it leaves out. */
    private static JsonNode complete(JsonNode contract) throws IOException {
        ObjectNode body = contract.deepCopy();
        for (JsonNode row : body.get("rows")) {
            for (String column : DriftTable.SCHEMA.fieldNames()) {
                boolean isSent = !column.equals("type_change"); // the server does not know it
                if (isSent && !row.has(column)) ((ObjectNode) row).putNull(column);
            }
        }
        return JSON.readTree(body.toString());
    }
}
