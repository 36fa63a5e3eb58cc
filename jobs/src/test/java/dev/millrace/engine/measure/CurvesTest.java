package dev.millrace.engine.measure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import java.util.function.ToDoubleFunction;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Oracle: scikit-learn and SciPy, oracle/measures.py. */
class CurvesTest {
    private static final Offset<Double> EXACT = within(1e-12);
    private static JsonNode curves;
    private static double[] scores;
    private static boolean[] truth;

    @BeforeAll
    static void readOracle() throws IOException {
        try (InputStream json = CurvesTest.class.getResourceAsStream("/oracle/measures.json")) {
            JsonNode oracle = new ObjectMapper().readTree(json);
            curves = oracle.path("curves");
            scores = new double[oracle.path("first").size()];
            truth = new boolean[scores.length];
            for (int i = 0; i < scores.length; i++) {
                scores[i] = oracle.path("first").get(i).asDouble();
                truth[i] = oracle.path("truth").get(i).asBoolean();
            }
        }
    }

    private static <T> void assertOracle(List<T> points, ToDoubleFunction<T> value, String name) {
        double[] seen = points.stream().mapToDouble(value).toArray();
        double[] expected = new double[curves.path(name).size()];
        for (int i = 0; i < expected.length; i++)
            expected[i] = curves.path(name).get(i).asDouble();
        assertThat(seen).as(name).containsExactly(expected, EXACT);
    }

    @Test
    void curvesAreThoseOfScikitLearn() {
        assertOracle(Curves.roc(scores, truth), Curves.Point::x, "roc_x");
        assertOracle(Curves.roc(scores, truth), Curves.Point::y, "roc_y");
        // scikit-learn ends its curve at full recall; further thresholds add points there.
        List<Curves.Point> points = Curves.precisionRecall(scores, truth);
        int full = curves.path("recall").size();
        assertThat(points.subList(full - 1, points.size()))
                .allSatisfy(point -> assertThat(point.x()).isEqualTo(1));
        assertOracle(points.subList(0, full), Curves.Point::x, "recall");
        assertOracle(points.subList(0, full), Curves.Point::y, "precision");
        assertOracle(Curves.calibration(scores, truth, 10), Curves.CalibrationBin::predicted, "predicted");
        assertOracle(Curves.calibration(scores, truth, 10), Curves.CalibrationBin::actual, "actual");
    }

    @Test
    void theCellsAtAThresholdAreThoseOfScikitLearn() {
        Curves.Confusion cells = Curves.confusion(scores, truth, 0.4);

        JsonNode expected = curves.path("cells_at_04");
        assertThat(new long[] {
                    cells.truePositives(), cells.falsePositives(), cells.falseNegatives(), cells.trueNegatives()
                })
                .containsExactly(
                        expected.get(0).asLong(),
                        expected.get(1).asLong(),
                        expected.get(2).asLong(),
                        expected.get(3).asLong());
        assertThat(cells.measures().get("f1")).isCloseTo(curves.path("f1_at_04").asDouble(), EXACT);
        assertThat(cells.measures().get("specificity"))
                .isCloseTo(curves.path("specificity_at_04").asDouble(), EXACT);
        Estimate wilson = Curves.wilson(17, 60);
        assertThat(wilson.low()).isCloseTo(curves.path("wilson_17_of_60").get(0).asDouble(), EXACT);
        assertThat(wilson.high())
                .isCloseTo(curves.path("wilson_17_of_60").get(1).asDouble(), EXACT);
    }

    @Test
    void whatIsZeroByZeroIsAbsent() {
        Curves.Confusion none = Curves.confusion(new double[] {0.1, 0.2}, new boolean[2], 0.5);

        assertThat(none.measures()).containsOnlyKeys("accuracy", "specificity");
        assertThat(none.intervals()).doesNotContainKeys("precision", "recall");
        assertThat(Curves.roc(new double[] {0.1}, new boolean[] {true})).isEmpty();
        assertThat(Curves.precisionRecall(new double[] {0.1}, new boolean[1])).isEmpty();
    }
}
