package dev.millrace.registry.boot;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ServerOptionsTest {
    private static ServerOptions parsed(Map<String, String> environment, String... arguments) {
        return ServerOptions.parse(List.of(arguments), environment);
    }

    @Test
    void theLakeIsTheHomesUnlessOneIsNamed() {
        Map<String, String> environment = Map.of("MILLRACE_LAKE", "/data/lake");

        assertThat(parsed(Map.of(), "--home", "/srv/m").lake()).isEqualTo(Path.of("/srv/m/lake"));
        assertThat(parsed(environment, "--home", "/srv/m").lake()).isEqualTo(Path.of("/data/lake"));
        assertThat(parsed(environment, "--lake=/other/../lake").lake()).isEqualTo(Path.of("/lake"));
    }

    @Test
    void anArtifactRootIsAFolderOfAnotherFileSystem() {
        Map<String, String> environment = Map.of("MILLRACE_ARTIFACT_ROOT", "s3a://bucket/millrace/");

        assertThat(parsed(Map.of()).artifacts()).isEmpty();
        assertThat(parsed(environment).artifacts()).hasValue(URI.create("s3a://bucket/millrace"));
        assertThat(parsed(environment, "--artifact-root", "hdfs://n:8020/a/b").artifacts())
                .hasValue(URI.create("hdfs://n:8020/a/b"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"/data/artifacts", "artifacts", "file:///data", "hdfs://n:8020", "hdfs://n:8020/", "hdfs://a b/c"
            })
    void otherArtifactRootsAreRefused(String root) {
        assertThatThrownBy(() -> parsed(Map.of(), "--artifact-root", root))
                .hasMessageContaining("`--artifact-root` ")
                .hasMessageContaining("'" + root + "'");
    }
}
