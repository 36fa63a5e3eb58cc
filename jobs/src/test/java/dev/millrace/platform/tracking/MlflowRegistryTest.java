package dev.millrace.platform.tracking;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.millrace.platform.error.ErrorKind;
import dev.millrace.platform.error.MillraceException;
import dev.millrace.platform.home.Home;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Map;
import java.util.Optional;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MlflowRegistryTest {
    private static final String RUN = "a".repeat(32);

    @TempDir
    private Path folder;

    private final FakeMlflow server = new FakeMlflow();
    private Tracking tracking;
    private ModelRegistry registry;

    @BeforeEach
    void logAModel() throws Exception {
        tracking = tracking(Optional.of(server.location()));
        Path model = Files.createDirectories(folder.resolve("made/model/spark"));
        Files.writeString(model.resolve("part"), "native");
        Files.writeString(model.resolveSibling("MLmodel"), "flavors: {}");
        Files.writeString(
                model.resolveSibling("SHA256SUMS"),
                sha256("flavors: {}") + "  MLmodel\n" + sha256("native") + "  spark/part\n");
        Run run = tracking.start(new Tracking.Start(
                        Optional.of(RUN), "fraud", "train", "ada", Map.of("millrace.model", "model"), true))
                .run();
        run.metric("auc", 0.9);
        run.artifactDirectory(folder.resolve("made/model"), "model");
        run.end(RunStatus.FINISHED);
        registry = tracking.registry();
    }

    private Tracking tracking(Optional<ServerLocation> location) {
        return new Tracking(location, Home.of(folder.toString(), folder), Clock.systemUTC(), () -> "b".repeat(32));
    }

    private static String sha256(String text) throws Exception {
        return java.util.HexFormat.of()
                .formatHex(java.security.MessageDigest.getInstance("SHA-256")
                        .digest(text.getBytes(StandardCharsets.UTF_8)));
    }

    @AfterEach
    void stop() {
        server.close();
    }

    private ModelVersion register() {
        return registry.createVersion("fraud", RUN, "runs:/" + RUN + "/model", "first", Map.of("k", "v"));
    }

    @Test
    void aVersionIsFoundByNumberAliasAndLatest() {
        ModelVersion first = register();
        ModelVersion second = register();
        registry.setAlias("fraud", "champion", 1);
        registry.setVersionTag("fraud", 1, "why", "best");

        assertThat(first.version()).isEqualTo(1);
        assertThat(registry.resolve("models:/fraud/1").printed()).isEqualTo("model:fraud/1");
        assertThat(registry.resolve("models:/fraud@champion").printed()).isEqualTo("model:fraud/1");
        assertThat(registry.resolve("models:/fraud/latest").printed()).isEqualTo("model:fraud/" + second.version());
        assertThat(registry.resolve("runs:/" + RUN + "/model").printed()).isEqualTo("run:" + RUN);
        assertThat(registry.version("fraud", 1).tags()).isEqualTo(Map.of("k", "v", "why", "best"));
        assertThat(registry.version("fraud", 1).aliases()).containsExactly("champion");
        assertThat(registry.versions("fraud")).extracting(ModelVersion::version).containsExactly(2, 1);
        assertThat(registry.byAlias("fraud", "challenger")).isEmpty();
        assertThat(registry.byAlias("nobody", "champion")).isEmpty();
    }

    @Test
    void anAliasCanBeTakenOff() {
        register();
        registry.setAlias("fraud", "challenger", 1);

        registry.removeAlias("fraud", "challenger");
        registry.removeAlias("fraud", "challenger");

        assertThat(registry.byAlias("fraud", "challenger")).isEmpty();
        assertThat(registry.version("fraud", 1).aliases()).isEmpty();
    }

    @Test
    void aNameMayHaveAQuote() {
        registry.createVersion("it's ours", RUN, "runs:/" + RUN + "/model", "first", Map.of());

        assertThat(registry.versions("it's ours")).hasSize(1);
    }

    @Test
    void runsAreReadAndSearched() {
        assertThat(registry.run(RUN).metrics()).containsEntry("auc", 0.9);
        assertThat(registry.searchRuns("fraud", "tags.`millrace.model` = 'model'", 5))
                .extracting(RunData::id)
                .containsExactly(RUN);
        assertThat(registry.searchRuns("nowhere", "", 5)).isEmpty();
    }

    @Test
    void aModelIsDownloadedOnceAndCheckedEveryTime() throws Exception {
        register();
        ResolvedModel model = registry.resolve("models:/fraud/1");

        Path local = registry.download(model);

        assertThat(local.resolve("spark/part")).hasContent("native");
        server.close();
        assertThat(registry.download(model)).isEqualTo(local);
        Files.writeString(local.resolve("spark/part"), "altered");
        refused(ErrorKind.MODEL_UNUSABLE, "`spark/part` was altered", () -> registry.download(model));
        Files.delete(local.resolve("spark/part"));
        refused(ErrorKind.MODEL_UNUSABLE, "`spark/part` is missing", () -> registry.download(model));
    }

    @Test
    void aDownloadThatBreaksOffLeavesNoModelBehind() throws Exception {
        register();
        ResolvedModel model = registry.resolve("models:/fraud/1");
        server.dieAfter(4);

        refused(ErrorKind.REGISTRY_UNREACHABLE, "", () -> registry.download(model));

        try (var kept = Files.list(folder.resolve("cache/models"))) {
            assertThat(kept).isEmpty();
        }
        server.comeBack();
        assertThat(registry.download(model).resolve("MLmodel")).exists();
    }

    @Test
    void whatIsNotThereIsToldWithWhatIs() {
        register();
        registry.setAlias("fraud", "champion", 1);

        refused(
                ErrorKind.MODEL_UNUSABLE,
                "`models:/fraud@chalenger` does not match a version. Versions of `fraud`: 1 @champion.",
                () -> registry.resolve("models:/fraud@chalenger"));
        refused(ErrorKind.MODEL_UNUSABLE, "Versions of `fraud`: 1", () -> registry.resolve("models:/fraud/7"));
        refused(
                ErrorKind.MODEL_UNUSABLE,
                "There is no registered model `x`",
                () -> registry.resolve("models:/x/latest"));
        refused(ErrorKind.MODEL_UNUSABLE, "is not a model URI", () -> registry.resolve("/nowhere"));
        refused(ErrorKind.NOT_FOUND, "has no run", () -> registry.run("c".repeat(32)));
    }

    @Test
    void aFolderNeedsNoRegistry() {
        ModelRegistry alone = tracking(Optional.empty()).registry();
        Path model = folder.resolve("made/model");

        assertThat(alone.download(alone.resolve(model.toString()))).isEqualTo(model);
        refused(ErrorKind.REGISTRY_UNREACHABLE, "none is configured", () -> alone.resolve("models:/fraud/1"));
    }

    @Test
    void credentialsGoWithEveryCall() {
        ServerLocation secured = new ServerLocation(server.location().uri(), Optional.of("Bearer t0ken"));

        tracking(Optional.of(secured)).registry().versions("fraud");

        assertThat(server.authorizations()).containsExactly("Bearer t0ken");
    }

    private static void refused(ErrorKind kind, String words, ThrowingCallable call) {
        assertThatThrownBy(call)
                .isInstanceOfSatisfying(MillraceException.class, thrown -> assertThat(thrown.kind())
                        .isEqualTo(kind))
                .hasMessageContaining(words);
    }
}
