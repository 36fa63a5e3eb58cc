package dev.millrace.platform.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.millrace.platform.error.ErrorKind;
import dev.millrace.platform.error.MillraceException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class OverridesTest {
    private static final String FILE =
            """
            job: demo
            demo:
              name: "${who:nobody}"
              keys: [a, b]
              params: {depth: 3}
            """;

    private static JobFile read(String... options) {
        return JobFile.read(
                "x.yaml", FILE, Optional.of("demo"), Overrides.parse(List.of(options)), Map.of("who", "env")::get);
    }

    @Test
    void aPathReplacesTheValueThereAndKeepsTheRest() {
        JobFile file = read("demo.params.depth=5", "demo.params.rate=0.5", "demo.keys.1=c", "demo.place.town=Ulm");

        assertThat(file.section().plain())
                .isEqualTo(Map.of(
                        "name", "env",
                        "keys", List.of("a", "c"),
                        "params", Map.of("depth", 5L, "rate", 0.5),
                        "place", Map.of("town", "Ulm")));
    }

    @Test
    void aValueMayBeAnyYaml() {
        assertThat(((Map<?, ?>) read("demo.keys=[x, y]", "demo.params={}")
                                .section()
                                .plain())
                        .get("keys"))
                .isEqualTo(List.of("x", "y"));
    }

    @Test
    void aCommonKeyIsSetByItsName() {
        assertThat(read("seed=7").common().seed()).isEqualTo(7);
    }

    @Test
    void aNameThatIsNoKeyIsAParameterAndWinsOverTheEnvironment() {
        assertThat(((Map<?, ?>) read("who=set=this").section().plain()).get("name"))
                .isEqualTo("set=this");
    }

    @Test
    void aProblemNamesTheOption() {
        assertThatThrownBy(() -> read("demo.count=x").bind(EveryKind.class))
                .hasMessage("--set demo.count: `demo.count` expects an integer, found text (x)");
        assertThatThrownBy(() -> read("demo.name.first=x"))
                .hasMessage("--set demo.name.first: points into text, which has no `first`");
    }

    @Test
    void anOptionWithoutValueIsAUsageError() {
        assertThatThrownBy(() -> Overrides.parse(List.of("demo.count")))
                .isInstanceOfSatisfying(MillraceException.class, thrown -> assertThat(thrown.kind())
                        .isEqualTo(ErrorKind.USAGE))
                .hasMessage("`--set demo.count` has no value. Use `--set key.path=value`.");
    }
}
