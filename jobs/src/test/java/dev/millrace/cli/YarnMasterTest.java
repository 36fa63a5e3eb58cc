package dev.millrace.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.Map;
import java.util.Properties;
import org.apache.spark.SparkUserAppException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class YarnMasterTest {
    @TempDir
    private Path staging;

    @ParameterizedTest
    @CsvSource({"yarn, client", "spark://host:7077, cluster", "k8s://https://host, cluster", "local[*], client"})
    void elsewhereTheProcessEndsByItself(String master, String mode) {
        assertThat(YarnMaster.here(properties(master, mode), environment())).isEmpty();
    }

    @Test
    void aCommandThatSucceededReturns() {
        assertThatCode(() -> master().end(0)).doesNotThrowAnyException();

        assertThat(master().refusal()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(ints = {2, 3, 4, 5, 7})
    void theNextAttemptOfARefusedCommandFindsTheRefusal(int exit) {
        assertThatThrownBy(() -> master().end(exit))
                .isInstanceOfSatisfying(SparkUserAppException.class, thrown -> assertThat(thrown.exitCode())
                        .isEqualTo(exit));

        assertThat(master().refusal()).contains(exit);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 6, 8, 75, 143})
    void whatMayGoWellNextTimeIsTriedAgain(int exit) {
        assertThatThrownBy(() -> master().end(exit)).isInstanceOf(SparkUserAppException.class);

        assertThat(master().refusal()).isEmpty();
    }

    @Test
    void withoutAStagingFolderNothingIsKept() {
        YarnMaster master =
                YarnMaster.here(properties("yarn", "cluster"), Map.of()).orElseThrow();

        assertThatThrownBy(() -> master.end(2)).isInstanceOf(SparkUserAppException.class);
        assertThat(master.refusal()).isEmpty();
    }

    private YarnMaster master() {
        return YarnMaster.here(properties("yarn", "cluster"), environment()).orElseThrow();
    }

    private Map<String, String> environment() {
        return Map.of("SPARK_YARN_STAGING_DIR", staging.toUri().toString());
    }

    private static Properties properties(String master, String mode) {
        Properties properties = new Properties();
        properties.setProperty("spark.master", master);
        properties.setProperty("spark.submit.deployMode", mode);
        return properties;
    }
}
