package dev.millrace.engine.report;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.StringReader;
import java.util.List;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.xml.sax.InputSource;

class PageTest {
    private static final String NASTY = "<script>alert('x')</script>&\"=cmd|' /C calc'!A0\u0000";

    private static void assertWellFormed(Html html) throws Exception {
        DocumentBuilderFactory.newInstance()
                .newDocumentBuilder()
                .parse(new InputSource(new StringReader("<x>" + html.markup() + "</x>")));
    }

    @Test
    void textOfTheDataNeverBecomesMarkup() throws Exception {
        Html table = Page.table(List.of(NASTY, "#" + NASTY), List.of(List.of(Html.value(NASTY), Html.text(NASTY))));
        Html bars = Chart.bars(NASTY, List.of(NASTY, NASTY), new double[] {1, 2}, new double[] {2, 0});
        Html matrix = Chart.matrix(NASTY, List.of(NASTY), List.of(NASTY), new double[][] {{0.5}});
        Html lines = Chart.lines(
                NASTY,
                List.of(
                        new Chart.Series(NASTY, new double[] {0, 1}, new double[] {1, Double.NaN}),
                        new Chart.Series("b", new double[] {0, 1}, new double[] {0, 3})),
                List.of(NASTY));

        for (Html part : List.of(table, bars, matrix, lines)) {
            assertWellFormed(part);
            assertThat(part.markup()).doesNotContain("<script").doesNotContain("\u0000");
        }
        String page = new Page(NASTY, NASTY)
                .heading(NASTY)
                .card(NASTY, table)
                .note(NASTY)
                .html();
        assertThat(page).doesNotContain("<script").contains("default-src 'none'");
    }

    @Test
    void emptyAndConstantDataHasAChartToo() throws Exception {
        assertWellFormed(Chart.bars("none", List.of(), new double[0], new double[0]));
        assertWellFormed(Chart.bars("zero", List.of("a"), new double[] {0}, new double[0]));
        assertWellFormed(
                Chart.lines("one", List.of(new Chart.Series("a", new double[] {3}, new double[] {0})), List.of(), 0.1));
        assertWellFormed(Chart.lines("none", List.of(new Chart.Series("a", new double[0], new double[0])), List.of()));
    }

    @Test
    void numbersAreShortAndAbsentOnesADash() {
        assertThat(Html.number(0.25).markup()).isEqualTo("0.25");
        assertThat(Html.number(1234567).markup()).isEqualTo("1,234,567");
        assertThat(Html.number(1.23456789e-7).markup()).isEqualTo("1.235e-07");
        assertThat(Html.number(Double.NaN).markup()).isEqualTo("–");
        assertThat(Html.count(1000).markup()).isEqualTo("1,000");
        assertThat(Html.percent(0.5).markup()).isEqualTo("50.00 %");
    }
}
