package dev.millrace.engine.search;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class SearchSpaceTest {
    private static SearchSpace space() {
        Map<String, Dimension> dimensions = new LinkedHashMap<>();
        dimensions.put("max-depth", new Dimension.Range(2, 6, false, true, 3));
        dimensions.put("reg-param", new Dimension.Range(1e-4, 1, true, false, 3));
        dimensions.put("strategy", new Dimension.Choice(List.of("sqrt", "all")));
        return new SearchSpace(dimensions);
    }

    @Test
    void aGridHasEveryCombinationOnce() {
        List<Map<String, Object>> grid = space().grid();

        assertThat(grid).hasSize(18).doesNotHaveDuplicates();
        assertThat(grid.get(0)).containsEntry("max-depth", 2L).containsEntry("strategy", "sqrt");
        assertThat(grid.stream().map(point -> point.get("max-depth"))).contains(2L, 4L, 6L);
        assertThat((double) grid.get(2).get("reg-param")).isBetween(0.0099, 0.0101);
    }

    @Test
    void drawsDependOnTheSeedAlone() {
        assertThat(space().random(5, 1)).isEqualTo(space().random(8, 1).subList(0, 5));
        assertThat(space().random(5, 1)).isNotEqualTo(space().random(5, 2));
    }

    @Test
    void drawsStayInsideAndReachBothEnds() {
        List<Map<String, Object>> points = space().random(300, 3);

        assertThat(points).allSatisfy(point -> {
            assertThat((long) point.get("max-depth")).isBetween(2L, 6L);
            assertThat((double) point.get("reg-param")).isBetween(1e-4, 1.0);
        });
        assertThat(points.stream().map(point -> point.get("max-depth"))).contains(2L, 6L);
        assertThat(points.stream().filter(point -> (double) point.get("reg-param") < 0.01))
                .hasSizeBetween(100, 200);
    }

    @Test
    void aSmallSpaceGivesEachPointOnce() {
        SearchSpace two = new SearchSpace(Map.of("a", new Dimension.Choice(List.of(1L, 2L))));

        assertThat(two.random(10, 1)).hasSize(2);
    }

    @Test
    void aSpanThatIsNoneIsRefused() {
        assertThatThrownBy(() -> new Dimension.Range(3, 3, false, false, 2)).hasMessageContaining("is not below `to`");
        assertThatThrownBy(() -> new Dimension.Range(0, 3, true, false, 2)).hasMessageContaining("above 0");
    }
}
