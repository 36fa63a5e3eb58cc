package dev.millrace.platform.table;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.junit.jupiter.api.Test;

class TableRefTest {
    @Test
    void aNameHasASchema() {
        assertThat(TableName.parse("raw.x_1")).isEqualTo(new TableName("raw", "x_1"));
        assertThatThrownBy(() -> TableName.parse("x")).hasMessage("expected schema.table, for example raw.x");
        assertThatThrownBy(() -> TableName.parse("a.b.c")).hasMessageContaining("expected schema.table");
        assertThatThrownBy(() -> TableName.parse("../x.y")).hasMessageContaining("expected schema.table");
        assertThatThrownBy(() -> TableRef.parse("raw.x@3"))
                .hasMessage("a version is not part of the name; write {table: raw.x, version: 3}");
    }

    @Test
    void aPathOrUriIsATableOutsideTheLake() {
        assertThat(TableRef.parse("/data/x").name()).isEmpty();
        assertThat(TableRef.parse("s3a://b/x").name()).isEmpty();
        assertThat(TableRef.parse("raw.x").name()).contains(TableName.parse("raw.x"));
    }

    @Test
    void versionAndTimestampExcludeEachOther() {
        assertThatThrownBy(() ->
                        new TableRef("raw.x", Optional.of(1L), Optional.of(Instant.EPOCH), Optional.empty(), List.of()))
                .hasMessageContaining("both `version` and `timestamp`");
        assertThatThrownBy(() -> new OutputRef(TableName.parse("raw.x"), List.of("a"), List.of("b")))
                .hasMessageContaining("both `partition-by` and `cluster-by`");
    }

    @Test
    void missingColumnsAreNamedAllAtOnceWithTheirNearest() {
        StructType schema = new StructType().add("amount", DataTypes.DoubleType).add("id", DataTypes.LongType);

        assertThatThrownBy(() -> Columns.require(schema, List.of("amont", "id", "colour"), "Table `raw.x`"))
                .hasMessage(
                        "Table `raw.x` has no column `amont` (did you mean `amount`?), `colour`. It has: amount, id.");
    }

    @Test
    void namesDeltaCannotTakeComeWithAReadyMapping() {
        StructType schema =
                new StructType().add("Amount (EUR)", DataTypes.DoubleType).add("a=b", DataTypes.LongType);

        assertThatThrownBy(() -> Columns.requireWritable(schema, "raw.x"))
                .hasMessageContaining("columns: {\"Amount (EUR)\": amount_eur, \"a=b\": a_b}");
        assertThatThrownBy(() -> Columns.requireWritable(
                        new StructType().add("id", DataTypes.LongType).add("ID", DataTypes.LongType), "raw.x"))
                .hasMessageContaining("differ at most by case: `id`, `ID`");
        assertThat(Columns.writable("Größe (m²)")).isEqualTo("größe_m²");
        assertThat(Columns.writable("(;)")).isEqualTo("column");
        assertThat(Columns.quoted("a`b.c")).isEqualTo("`a``b.c`");
    }

    @Test
    void aCommitsMetadataIsReadBackAsItWasWritten() {
        CommitMetadata metadata = new CommitMetadata(
                "a".repeat(32),
                "train",
                "c",
                "f",
                "2026-01-01T00:00:00Z/2026-01-02T00:00:00Z",
                "0.1.0",
                "00ff",
                List.of("raw.x@3", "model:fraud/2"));

        assertThat(CommitMetadata.parse(metadata.toJson())).contains(metadata);
        assertThat(metadata.toJson()).startsWith("{\"run_id\":\"aaaa");
    }

    @Test
    void whatOthersWroteIsNotOurs() {
        assertThat(CommitMetadata.parse(null)).isEmpty();
        assertThat(CommitMetadata.parse("")).isEmpty();
        assertThat(CommitMetadata.parse("nightly load")).isEmpty();
        assertThat(CommitMetadata.parse("{\"run_id\":")).isEmpty();
        assertThat(CommitMetadata.parse("{\"run_id\":\"x\"}")).isEmpty();
    }
}
