package dev.millrace.registry.platform.search;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.LongRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

class RowsTest {
    private record Thing(int id, long size) implements Sized {}

    private static Rows<Integer> rows(int count, Optional<String> next) {
        return new Rows<>(IntStream.range(0, count).boxed().toList(), next, after -> "after " + after);
    }

    @Test
    void aPageThatIsNotTooLargeIsWhole() {
        Page<Thing> page = rows(1_000, Optional.of("next")).page(ids -> things(ids, 10), 1_000_000);
        assertThat(page.items()).hasSize(1_000);
        assertThat(page.nextPageToken()).contains("next");
    }

    @Test
    void theLastPageHasNoToken() {
        assertThat(rows(3, Optional.empty()).page(ids -> things(ids, 10), 1_000).nextPageToken())
                .isEmpty();
        assertThat(rows(0, Optional.empty()).page(ids -> things(ids, 10), 1_000))
                .isEqualTo(new Page<>(List.of(), Optional.empty()));
    }

    @Test
    void aPageEndsWhereItIsLargeEnough() {
        Page<Thing> page = rows(5_000, Optional.empty()).page(ids -> things(ids, 10), 20_000);
        assertThat(page.items()).hasSize(2_000);
        assertThat(page.nextPageToken()).contains("after 2000");
    }

    /** All rows in their order, none twice, and never more at once than is allowed and one reading more. */
    @Property(tries = 200)
    void followingTheTokensGivesEveryRowOnce(
            @ForAll @Size(min = 1, max = 400) List<@LongRange(min = 1, max = 500) Long> sizes,
            @ForAll @IntRange(min = 1, max = 20_000) int most) {
        List<Integer> seen = new ArrayList<>();
        for (int from = 0; from < sizes.size(); ) {
            int begin = from;
            List<Integer> left = IntStream.range(begin, sizes.size()).boxed().toList();
            Page<Thing> page = new Rows<>(left, Optional.empty(), after -> String.valueOf(begin + after))
                    .page(
                            ids -> ids.stream()
                                    .map(id -> new Thing(id, sizes.get(id)))
                                    .toList(),
                            most);
            page.items().forEach(thing -> seen.add(thing.id()));
            assertThat(page.items()).isNotEmpty();
            from = page.nextPageToken().map(Integer::parseInt).orElse(sizes.size());
        }
        assertThat(seen).isEqualTo(IntStream.range(0, sizes.size()).boxed().toList());
    }

    private static List<Thing> things(List<Integer> ids, long size) {
        return ids.stream().map(id -> new Thing(id, size)).toList();
    }
}
