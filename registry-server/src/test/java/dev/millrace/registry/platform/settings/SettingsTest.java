package dev.millrace.registry.platform.settings;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.millrace.registry.platform.error.ErrorKind;
import dev.millrace.registry.platform.error.MillraceException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SettingsTest {
    private static final Path EXAMPLE = Path.of("../conf/registry/registry.yaml");

    @TempDir
    Path folder;

    private Path file;

    @BeforeEach
    void name() {
        file = folder.resolve("r.yaml");
    }

    private Settings read(String yaml) throws IOException {
        Files.writeString(file, yaml);
        return Settings.of(List.of("--config", file.toString()), Map.of());
    }

    @Test
    void everySettingCanStandInTheFile() throws IOException {
        StringBuilder yaml = new StringBuilder("# all of them\n");
        for (Setting setting : Setting.values()) {
            yaml.append(setting.word()).append(": ");
            switch (setting.form()) {
                case TEXT -> yaml.append("text of ").append(setting.word());
                case FLAG -> yaml.append("true");
                case LIST -> yaml.append("[a, 'b,c']");
            }
            yaml.append('\n');
        }

        Settings settings = read(yaml.toString());

        for (Setting setting : Setting.values()) {
            switch (setting.form()) {
                case TEXT -> assertThat(settings.text(setting)).contains("text of " + setting.word());
                case FLAG -> assertThat(settings.flag(setting)).isTrue();
                case LIST -> assertThat(settings.list(setting)).containsExactly("a", "b,c");
            }
        }
    }

    @Test
    void anOptionWinsOverTheEnvironmentThatOverTheFile() throws IOException {
        Files.writeString(file, "host: of-file\nport: 1\nhome: of-file\nallowed-host: [f]\nauth: true\n");

        Settings settings = Settings.of(
                List.of("--host=of-option", "--allowed-host", "x", "--allowed-host", "y"),
                Map.of(
                        "MILLRACE_CONFIG", file.toString(),
                        "MILLRACE_HOST", "of-environment",
                        "MILLRACE_PORT", "2",
                        "MILLRACE_AUTH", "false",
                        "MILLRACE_ALLOWED_HOST", "e"));

        assertThat(settings.text(Setting.HOST)).contains("of-option");
        assertThat(settings.text(Setting.PORT)).contains("2");
        assertThat(settings.text(Setting.HOME)).contains("of-file");
        assertThat(settings.flag(Setting.AUTH)).isFalse();
        assertThat(settings.list(Setting.ALLOWED_HOST)).containsExactly("x", "y");
        assertThat(settings.told(Setting.PORT)).isEqualTo("`MILLRACE_PORT`");
        assertThat(settings.told(Setting.HOME)).isEqualTo("`" + file + ":3: home`");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "prot: 5000 | :1: `prot` is not a key here. Did you mean `port`? Known keys: allowed-host, artifact-folder, artifact-root,",
                "nonsense: 1 | :1: `nonsense` is not a key here. Known keys:",
                "port: [1, 2] | :1: `port` must be one value.",
                "port: | :1: `port` must be one value.",
                "auth: yes | :1: `auth` must be true or false.",
                "allowed-host: {a: b} | :1: `allowed-host` must be a list, like [a, b].",
                "port: &p 5000 | :1: `port` must be one value.",
                "port: !x 5000 | :1: `port` must be one value.",
                "- port | :1: expects `key: value`",
                "port: 'open | is not valid YAML",
            })
    void whatIsWrongIsToldWithItsLine(String yaml, String message) {
        assertThatThrownBy(() -> read(yaml))
                .isInstanceOfSatisfying(MillraceException.class, refused -> assertThat(refused.kind())
                        .isEqualTo(ErrorKind.CONFIG))
                .hasMessageStartingWith(file.toString() + ":")
                .hasMessageContaining(message);
    }

    @Test
    void everythingWrongIsToldAtOnce() {
        assertThatThrownBy(() -> read("prot: 1\nhost: a\nhost: b\nauth: 1\n"))
                .hasMessageContaining(":1: `prot`")
                .hasMessageContaining(":3: `host` occurs twice.")
                .hasMessageContaining(":4: `auth` must be true or false.");
    }

    @Test
    void aFileThatIsNotThereIsNamed() {
        assertThatThrownBy(() -> Settings.of(List.of("--config", file.toString()), Map.of()))
                .hasMessage("The settings in `" + file + "` cannot be read: there is no such file.");
    }

    @Test
    void optionsThatAreNoneAreToldWithTheNearest() {
        assertThatThrownBy(() -> Settings.of(List.of("--prot", "1"), Map.of()))
                .hasMessageContaining("`--prot` is no option. Did you mean `--port`?");
        assertThatThrownBy(() -> Settings.of(List.of("--auth=yes"), Map.of()))
                .hasMessageContaining("`--auth` takes no value.");
        assertThatThrownBy(() -> Settings.of(List.of(), Map.of("MILLRACE_AUTH", "yes")))
                .hasMessageContaining("`MILLRACE_AUTH` must be true or false, not `yes`.");
    }

    /** What the example explains in comments is read, too. */
    @Test
    void theExampleHasEverySetting() throws IOException {
        String text = Files.readString(EXAMPLE);
        Settings.of(List.of("--config", EXAMPLE.toString()), Map.of());

        Settings settings = read(text.replaceAll("(?m)^#([a-z-]+:)", "$1"));

        for (Setting setting : Setting.values()) {
            boolean isThere = settings.text(setting).isPresent()
                    || !settings.list(setting).isEmpty();
            assertThat(isThere).as(setting.word()).isTrue();
        }
    }
}
