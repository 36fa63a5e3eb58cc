package dev.millrace.platform.table;

import static org.assertj.core.api.Assertions.assertThat;

import org.apache.spark.sql.types.StructType;
import org.junit.jupiter.api.Test;

class LakeTest {
    private static final String INDEXED = "delta.dataSkippingNumIndexedCols";

    @Test
    void textsOfARunHaveNoStatisticsWhereTheyStandLast() {
        StructType schema =
                StructType.fromDDL("id BIGINT, place STRUCT<x: DOUBLE, y: STRUCT<z: INT, w: INT>>, score_owner STRING,"
                        + " version INT, model_name STRING, run_id STRING");

        assertThat(Lake.properties(schema)).containsAllEntriesOf(Lake.RETENTION).containsEntry(INDEXED, "6");
    }

    @Test
    void otherTablesKeepDeltasOwnValue() {
        assertThat(Lake.properties(StructType.fromDDL("run_id STRING, x INT"))).isEqualTo(Lake.RETENTION);
    }

    @Test
    void neverMoreColumnsThanDeltaIndexesByItself() {
        StructType schema = new StructType();
        for (int i = 0; i < 40; i++) schema = schema.add("x" + i, "double");

        assertThat(Lake.properties(schema.add("run_id", "string"))).isEqualTo(Lake.RETENTION);
    }
}
