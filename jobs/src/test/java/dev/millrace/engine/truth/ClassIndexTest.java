package dev.millrace.engine.truth;

import static org.assertj.core.api.Assertions.assertThat;

import dev.millrace.engine.onnx.Target;
import dev.millrace.platform.spark.SharedSpark;
import java.util.List;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.functions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(SharedSpark.class)
class ClassIndexTest {
    private static final Target WHOLE = new Target.Classes(Target.Kind.INTEGER, List.of("0", "1"));
    private static final Target FRACTIONS = new Target.Classes(Target.Kind.NUMBER, List.of("0.0", "1.0"));
    private static final Target FLAGS = new Target.Classes(Target.Kind.BOOLEAN, List.of("false", "true"));
    private static final Target TEXTS = new Target.Classes(Target.Kind.TEXT, List.of("0", "1"));
    private static final Target LARGE =
            new Target.Classes(Target.Kind.INTEGER, List.of("9007199254740992", "9007199254740993"));

    @Test
    void oneClassIsOneClassInEveryTypeALabelMayHave(SparkSession spark) {
        for (Target target : List.of(WHOLE, FRACTIONS, FLAGS)) {
            for (String one :
                    List.of("1", "1L", "1D", "1BD", "CAST(1 AS DECIMAL(38,5))", "true", "'1'", "' 1.0'", "'1e0'")) {
                assertThat(index(spark, one, target)).as(one + " of " + target).isEqualTo(1);
            }
            assertThat(index(spark, "false", target)).isZero();
            assertThat(index(spark, "'0.0'", target)).isZero();
            for (String other : List.of("2", "0.5D", "'yes'", "CAST(NULL AS INT)", "CAST('NaN' AS DOUBLE)")) {
                assertThat(index(spark, other, target)).as(other).isNull();
            }
        }
    }

    @Test
    void textsAreComparedAsTextsAndLongNumbersExactly(SparkSession spark) {
        assertThat(index(spark, "'1.0'", TEXTS)).isNull();
        assertThat(index(spark, "1", TEXTS)).isEqualTo(1);
        assertThat(index(spark, "9007199254740993L", LARGE)).isEqualTo(1);
        assertThat(index(spark, "9007199254740992L", LARGE)).isZero();
        assertThat(index(spark, "CAST(9007199254740993 AS DECIMAL(20,0))", LARGE))
                .isEqualTo(1);
    }

    @Test
    void amountsAreFiniteNumbers(SparkSession spark) {
        Target amount = new Target.Amount();

        assertThat(index(spark, "'2.5'", amount)).isEqualTo(2.5);
        assertThat(index(spark, "true", amount)).isEqualTo(1);
        assertThat(index(spark, "CAST('Infinity' AS DOUBLE)", amount)).isNull();
        assertThat(index(spark, "'abc'", amount)).isNull();
    }

    private static Double index(SparkSession spark, String label, Target target) {
        Dataset<Row> row = spark.range(1).selectExpr(label + " AS label");
        return row.select(ClassIndex.of(
                        functions.col("label"), row.schema().apply("label").dataType(), target))
                .head()
                .getAs(0);
    }
}
