package dev.millrace.platform.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class AliasTest {
    private final Problems problems = new Problems();

    record Renamed(@Doc("columns that identify a row") @Alias("key") List<String> keys, @Alias("old") String name) {}

    private Optional<Renamed> bind(String yaml) {
        ConfigNode node = new Yaml("job.yaml", name -> null, problems).parse(yaml);
        return new Binder(problems).bind(node, Renamed.class, "demo");
    }

    @Test
    void theOlderNameIsAcceptedWithAWarning() {
        Renamed bound = bind("{key: id, old: x}").orElseThrow();

        assertThat(bound).isEqualTo(new Renamed(List.of("id"), "x"));
        assertThat(problems.isEmpty()).isTrue();
        assertThat(problems.warnings())
                .containsExactly(
                        "job.yaml:1: `demo.key` is now named `keys`; rename the key",
                        "job.yaml:1: `demo.old` is now named `name`; rename the key");
    }

    @Test
    void bothNamesAtOnceAreRefused() {
        assertThat(bind("{keys: id, key: id, name: x}")).isEmpty();
        assertThat(problems.messages())
                .containsExactly("job.yaml:1: `demo.key` is the older name of `keys`; remove one of them");
    }

    @Test
    void aMissingKeyIsReportedByItsName() {
        assertThat(bind("{keys: id}")).isEmpty();
        assertThat(problems.messages()).containsExactly("job.yaml:1: `demo.name` is missing");
    }
}
