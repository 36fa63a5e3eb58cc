package dev.millrace.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.millrace.job.Job;
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
        return JobCatalog.jobs().values().stream()
                .map(job -> DynamicTest.dynamicTest(job.name(), () -> assertPublished(job)));
    }

    private static void assertPublished(Job<?, ?> job) throws IOException {
        String schema = JsonSchema.ofJobFile(job.name(), job.configType());
        Path file = PUBLISHED.resolve(job.name() + ".json");
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
