package dev.millrace.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.millrace.flow.pipeline.PipelineConfig;
import dev.millrace.platform.config.JsonSchema;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** The published schemas are those of the records; {@code -Dgolden.update=true} writes them anew. */
class SchemasTest {
    private static final Path PUBLISHED = Path.of("..", "conf", "schema");

    @TestFactory
    Stream<DynamicTest> everyJobHasItsSchema() {
        return Stream.concat(
                JobCatalog.jobs().values().stream().map(job -> test(job.name(), job.configType())),
                Stream.of(test("pipeline", PipelineConfig.class)));
    }

    private static DynamicTest test(String job, Class<? extends Record> config) {
        return DynamicTest.dynamicTest(job, () -> assertPublished(job, config));
    }

    private static void assertPublished(String job, Class<? extends Record> config) throws IOException {
        String schema = JsonSchema.ofJobFile(job, config);
        Path file = PUBLISHED.resolve(job + ".json");
        if (Boolean.getBoolean("golden.update")) {
            Files.createDirectories(PUBLISHED);
            Files.writeString(file, schema);
        }

        assertThat(file)
                .as("Run with -Dgolden.update=true to write it")
                .content()
                .isEqualTo(schema);
    }
}
