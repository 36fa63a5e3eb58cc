package dev.millrace.platform.home;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;

class HomeTest {
    private static final Path SCRATCH = Path.of("/scratch");

    @Test
    void aLocalHomeHoldsEverything() {
        Home home = Home.of("/data/./home/", SCRATCH);

        assertThat(home.root()).isEqualTo("/data/home");
        assertThat(home.lake()).isEqualTo("/data/home/lake");
        assertThat(home.spool()).isEqualTo(Path.of("/data/home/spool"));
        assertThat(home.cache()).isEqualTo(Path.of("/data/home/cache"));
        assertThat(home.serverFile()).contains(Path.of("/data/home/registry/server.json"));
    }

    @Test
    void aRelativePathIsBelowTheWorkingFolder() {
        assertThat(Home.of("x", SCRATCH).root())
                .isEqualTo(Path.of("x").toAbsolutePath().toString());
        assertThat(Home.of("file:/data/home", SCRATCH)).isEqualTo(Home.of("/data/home", SCRATCH));
    }

    @Test
    void aRemoteHomeKeepsSpoolAndCacheOnLocalDisk() {
        Home home = Home.of("hdfs://nn:8020/lakes/one/", SCRATCH);

        assertThat(home.lake()).isEqualTo("hdfs://nn:8020/lakes/one/lake");
        assertThat(home.spool()).isEqualTo(Path.of("/scratch/spool"));
        assertThat(home.serverFile()).isEmpty();
        assertThat(Home.of("s3a://bucket/x", SCRATCH).lake()).isEqualTo("s3a://bucket/x/lake");
    }
}
