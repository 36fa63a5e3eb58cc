package dev.millrace.job;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.networknt.schema.JsonSchema;
import com.networknt.schema.JsonSchemaFactory;
import com.networknt.schema.SpecVersion;
import dev.millrace.job.scoring.ScoreConfig;
import dev.millrace.job.training.TrainConfig;
import dev.millrace.platform.config.JobFile;
import dev.millrace.platform.config.Overrides;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class JobFileSchemaTest {
    private static final Map<String, Class<? extends Record>> CONFIGS =
            Map.of("train", TrainConfig.class, "score", ScoreConfig.class);

    @ParameterizedTest
    @ValueSource(strings = {"train", "score"})
    void theReadyFilesFitTheirSchema(String job) throws Exception {
        String text = Files.readString(Path.of("../conf/fraud/" + job + ".yaml"));
        JsonSchema schema = JsonSchemaFactory.getInstance(SpecVersion.VersionFlag.V202012)
                .getSchema(dev.millrace.platform.config.JsonSchema.ofJobFile(job, CONFIGS.get(job)));
        JobFile file = JobFile.read(job, text, Optional.of(job), Overrides.none(), name -> null);

        JsonNode asJson = new ObjectMapper()
                .valueToTree(Map.of("job", job, job, file.section().plain()));

        assertThat(schema.validate(asJson)).isEmpty();
    }
}
