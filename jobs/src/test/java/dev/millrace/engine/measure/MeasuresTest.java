package dev.millrace.engine.measure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.util.Map;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Oracle: scikit-learn and SciPy, oracle/measures.py. */
class MeasuresTest {
    private static final Offset<Double> EXACT = within(1e-12);
    private static JsonNode oracle;

    @BeforeAll
    static void readOracle() throws IOException {
        try (InputStream json = MeasuresTest.class.getResourceAsStream("/oracle/measures.json")) {
            oracle = new ObjectMapper().readTree(json);
        }
    }

    private static double[] doubles(String name) {
        double[] values = new double[oracle.path(name).size()];
        for (int i = 0; i < values.length; i++)
            values[i] = oracle.path(name).get(i).asDouble();
        return values;
    }

    private static boolean[] truth() {
        boolean[] truth = new boolean[oracle.path("truth").size()];
        for (int i = 0; i < truth.length; i++)
            truth[i] = oracle.path("truth").get(i).asBoolean();
        return truth;
    }

    private static void assertOracle(Map<String, Double> measures, String name) {
        assertThat(measures).hasSize(oracle.path(name).size());
        measures.forEach((measure, value) -> assertThat(value)
                .as(measure)
                .isCloseTo(oracle.path(name).path(measure).asDouble(), EXACT));
    }

    @Test
    void binaryMeasuresAreScikitLearns() {
        assertOracle(BinaryMeasures.of(doubles("first"), truth()), "binary");
    }

    @Test
    void regressionMeasuresAreScikitLearns() {
        assertOracle(RegressionMeasures.of(doubles("guess"), doubles("amount")), "regression");
    }

    @Test
    void multiclassMeasuresAreScikitLearns() {
        int[] classes = new int[oracle.path("classes").size()];
        double[][] probabilities = new double[classes.length][3];
        for (int i = 0; i < classes.length; i++) {
            classes[i] = oracle.path("classes").get(i).asInt();
            for (int k = 0; k < 3; k++) {
                probabilities[i][k] = oracle.path("probabilities").get(i).get(k).asDouble();
            }
        }

        assertOracle(MulticlassMeasures.of(probabilities, classes), "multiclass");
    }

    @Test
    void delongEqualsItsDefinition() {
        Comparison comparison = Comparison.ofAuc(doubles("first"), doubles("second"), truth());
        JsonNode delong = oracle.path("delong");
        double width = 1.959963984540054 * delong.path("deviation").asDouble();

        assertThat(comparison.gain().value()).isCloseTo(delong.path("gain").asDouble(), EXACT);
        assertThat(comparison.gain().high() - comparison.gain().value()).isCloseTo(width, EXACT);
        // The normal tail is good to 1.2e-7 relative.
        assertThat(comparison.pValue()).isCloseTo(delong.path("p").asDouble(), within(1e-7));
        Estimate auc = BinaryMeasures.auc(doubles("first"), truth());
        assertThat(auc.high() - auc.value())
                .isCloseTo(1.959963984540054 * Math.sqrt(delong.path("variance").asDouble()), EXACT);
    }

    @Test
    void theBootstrapFindsABetterModelAndNoDifferenceInTheSame() {
        double[] clearer = doubles("first");
        for (int i = 0; i < clearer.length; i++) clearer[i] += truth()[i] ? 0.3 : 0;

        Comparison better = Comparison.ofAveragePrecision(doubles("first"), clearer, truth(), 1);
        Comparison same = Comparison.ofAveragePrecision(doubles("first"), doubles("first"), truth(), 1);

        assertThat(better.gain().low()).isPositive();
        assertThat(better.pValue()).isLessThan(0.01);
        assertThat(same.gain().value()).isZero();
        assertThat(same.pValue()).isEqualTo(1);
    }

    @Test
    void theSameSeedGivesTheSameInterval() {
        assertThat(BinaryMeasures.averagePrecision(doubles("first"), truth(), 5))
                .isEqualTo(BinaryMeasures.averagePrecision(doubles("first"), truth(), 5));
    }

    @Test
    void withoutPositivesTheirMeasuresAreAbsent() {
        assertThat(BinaryMeasures.of(new double[] {0.1, 0.2}, new boolean[] {false, false}))
                .doesNotContainKeys("average_precision", "auc", "recall", "precision", "f1")
                .containsEntry("accuracy", 1.0);
    }
}
