package dev.millrace.platform.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class CheckedTest {
    record Part(int size) {}

    record Whole(int low, int high, List<Part> parts, Optional<String> name) implements Checked {
        @Override
        public void check(Findings findings) {
            if (low > high) findings.add("low", "is above `high`");
            for (int i = 0; i < parts.size(); i++) {
                if (parts.get(i).size() < 0) findings.add("parts[" + i + "].size", "is negative");
            }
            if (name.isEmpty()) findings.add("name", "is wanted");
        }
    }

    @Test
    void everyRuleThatIsBrokenIsReportedAtItsOwnLine() {
        Problems problems = new Problems();
        ConfigNode node = new Yaml("job.yaml", name -> null, problems)
                .parse(
                        """
                low: 3
                high: 1
                parts:
                  - {size: 1}
                  - {size: -1}
                """);

        assertThat(new Binder(problems).bind(node, Whole.class, "demo")).isEmpty();
        assertThat(problems.messages())
                .containsExactly(
                        "job.yaml:1: `demo.low` is above `high`",
                        "job.yaml:5: `demo.parts[1].size` is negative",
                        "job.yaml:1: `demo.name` is wanted");
    }
}
