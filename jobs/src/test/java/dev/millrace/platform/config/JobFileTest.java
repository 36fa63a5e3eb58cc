package dev.millrace.platform.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class JobFileTest {
    private static JobFile read(String text) {
        return JobFile.read("x.yaml", text, Optional.of("train"), Overrides.none(), name -> null);
    }

    @Test
    void commonKeysHaveTheirDefaults() {
        JobFile.Common common = read("job: train\ntrain: {a: 1}").common();

        assertThat(common.seed()).isEqualTo(42);
        assertThat(common.home()).isEmpty();
        assertThat(common.tracking()).isEqualTo(new JobFile.TrackingConfig(Optional.empty(), "default", false));
        assertThat(common.spark().conf()).isEmpty();
    }

    @Test
    void theFileMustBeForTheCommand() {
        assertThatThrownBy(() -> read("job: score\nscore: {}"))
                .hasMessage("x.yaml:1: `job` is `score`, but the command is `train`. Run `millrace score --config …` or"
                        + " use a different file");
        assertThatThrownBy(() -> read("train: {}"))
                .hasMessage("x.yaml:1: `job` is missing: set it to the command of this file, for example `job: train`");
    }

    @Test
    void onlyItsOwnSectionMayStandInIt() {
        assertThatThrownBy(() -> read("job: train\ntrian: {}"))
                .hasMessageContaining("x.yaml:2: `trian` is not a key of a `train` file. Did you mean `train`?")
                .hasMessageContaining("`train` is missing: add the section with the keys of the job");
    }

    @Test
    void aListAtTheTopIsRefused() {
        assertThatThrownBy(() -> read("- a")).hasMessage("x.yaml:1: expects keys and values, found a list");
    }

    @Test
    void secretsAreNotInWhatIsRecorded() {
        JobFile file = read("job: train\ntrain: {url: u, password: p, options: {api-key: k, fetchsize: 3}}");

        assertThat(file.effectiveSection())
                .isEqualTo(Map.of(
                        "url", "u", "password", "********", "options", Map.of("api-key", "********", "fetchsize", 3L)));
    }
}
