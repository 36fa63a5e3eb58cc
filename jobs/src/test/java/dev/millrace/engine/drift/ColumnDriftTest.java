package dev.millrace.engine.drift;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.millrace.engine.scan.BinChoice;
import dev.millrace.engine.scan.ColumnBins;
import dev.millrace.engine.scan.Counted;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Oracle: NumPy and SciPy on the counts that a person would compare, oracle/drift.py. */
class ColumnDriftTest {
    private static final Offset<Double> EXACT = within(1e-12);
    private static final Thresholds THRESHOLDS = new Thresholds(0.1, 0.2, 0.1, 0.05, 500, 0.5);
    private static JsonNode oracle;

    @BeforeAll
    static void readOracle() throws IOException {
        try (InputStream json = ColumnDriftTest.class.getResourceAsStream("/oracle/drift.json")) {
            oracle = new ObjectMapper().readTree(json).path("moved");
        }
    }

    private static void assertIs(String name, ColumnDrift drift) {
        JsonNode expected = oracle.path(name);
        assertThat(drift.psi()).as("PSI").isCloseTo(expected.path("psi").asDouble(), EXACT);
        assertThat(drift.jensenShannon()).as("JS").isCloseTo(expected.path("js").asDouble(), EXACT);
        assertThat(drift.totalVariation())
                .as("TV")
                .isCloseTo(expected.path("tv").asDouble(), EXACT);
        assertThat(drift.lInfinity()).as("L∞").isCloseTo(expected.path("linf").asDouble(), EXACT);
        assertThat(drift.chiSquare().statistic() / expected.path("chi2").asDouble())
                .as("chi-square")
                .isCloseTo(1, EXACT);
        assertThat(drift.chiSquare().pvalue())
                .as("p")
                .isCloseTo(expected.path("chi2_p").asDouble(), EXACT);
    }

    /** Counts by cell; what is not given is 0. */
    private static Counted counted(ColumnBins bins, double min, double max, long... cellsAndCounts) {
        List<Long> cells = new ArrayList<>(Collections.nCopies(bins.cells(), 0L));
        for (int i = 0; i < cellsAndCounts.length; i += 2) cells.set((int) cellsAndCounts[i], cellsAndCounts[i + 1]);
        return new Counted(cells, 0, Double.NaN, min, max, 1);
    }

    private static ColumnBins sevens() {
        return BinChoice.numbers("x", new double[] {7, 7, 7});
    }

    @Test
    void everyMeasureSeesAConstantThatMoved() {
        Counted reference = counted(sevens(), 7, 7, 1, 1000);

        ColumnDrift up = ColumnDrift.between(sevens(), reference, counted(sevens(), 9, 9, 2, 800), THRESHOLDS);
        ColumnDrift both =
                ColumnDrift.between(sevens(), reference, counted(sevens(), 5, 9, 0, 200, 1, 300, 2, 300), THRESHOLDS);

        assertIs("a constant that moved up", up);
        assertIs("a constant that moved both ways", both);
        assertThat(up.effect().ratio()).isGreaterThan(1);
    }

    @Test
    void aConstantThatStayedHasNoDistance() {
        Counted reference = counted(sevens(), 7, 7, 1, 1000);

        ColumnDrift drift = ColumnDrift.between(sevens(), reference, counted(sevens(), 7, 7, 1, 800), THRESHOLDS);

        assertThat(drift.psi()).isZero();
        assertThat(drift.totalVariation()).isZero();
        assertThat(drift.chiSquare().statistic()).isNaN();
    }

    @Test
    void anEmptyPoolOfOtherValuesIsNoDegreeOfFreedom() {
        ColumnBins bins = BinChoice.categories("x", List.of("a", "a", "b"), false);

        ColumnDrift drift = ColumnDrift.between(
                bins, counted(bins, 0, 0, 0, 600, 1, 400), counted(bins, 0, 0, 0, 500, 1, 500), THRESHOLDS);

        assertIs("two categories and nothing else", drift);
        assertThat(drift.binning()).contains("pooled into 2");
    }

    @Test
    void aValueBetweenTwoSingleValuesIsNeitherOfThem() {
        ColumnBins bins = BinChoice.numbers("x", new double[] {0, 0, 1, 1});
        int zero = 1;
        int between = 2;
        int one = 3;

        ColumnDrift drift = ColumnDrift.between(
                bins,
                counted(bins, 0, 1, zero, 600, one, 400),
                counted(bins, 0, 0.5, zero, 500, between, 500),
                THRESHOLDS);

        assertIs("one of two values moved", drift);
    }
}
