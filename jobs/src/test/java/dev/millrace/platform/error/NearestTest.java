package dev.millrace.platform.error;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class NearestTest {
    @Test
    void theClosestNameIsOfferedAndTiesGoByName() {
        assertThat(Nearest.to("algoritm", List.of("algorithm", "label"))).contains("algorithm");
        assertThat(Nearest.to("LABLE", List.of("algorithm", "label"))).contains("label");
        assertThat(Nearest.to("bat", List.of("cat", "bar"))).contains("bar");
        assertThat(Nearest.to("something", List.of("else"))).isEmpty();
        assertThat(Nearest.hint("lable", List.of("label"))).isEqualTo(" Did you mean `label`?");
        assertThat(Nearest.hint("x", List.of())).isEmpty();
    }

    @Test
    void swappedNeighboursAreOneEdit() {
        assertThat(Nearest.distance("ab", "ba")).isEqualTo(1);
        assertThat(Nearest.distance("ca", "abc")).isEqualTo(3); // optimal string alignment; unrestricted would give 2
    }
}
