package dev.millrace.platform.tracking;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.millrace.platform.error.ErrorKind;
import dev.millrace.platform.error.MillraceException;
import dev.millrace.platform.home.Home;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TrackingTest {
    private static final Clock CLOCK = Clock.fixed(Instant.parse("2026-02-01T00:00:00Z"), ZoneOffset.UTC);

    @TempDir
    private Path folder;

    private final FakeMlflow server = new FakeMlflow();
    private final AtomicInteger ids = new AtomicInteger();

    @AfterEach
    void stop() {
        server.close();
    }

    private Tracking tracking(Optional<ServerLocation> location) {
        return new Tracking(
                location,
                Home.of(folder.toString(), folder),
                CLOCK,
                () -> String.format("%032x", ids.incrementAndGet()));
    }

    private Tracking online() {
        return tracking(Optional.of(server.location()));
    }

    private Tracking offline() {
        return tracking(Optional.empty());
    }

    private static Tracking.Start start(boolean required) {
        return new Tracking.Start(Optional.empty(), "fraud", "demo", "ada", Map.of("millrace.job", "demo"), required);
    }

    /** Everything a run can hold, in nine requests to the server. */
    private void record(Run run) throws IOException {
        Path file = Files.writeString(folder.resolve("note.txt"), "hello");
        run.param("depth", 3);
        run.metric("auc", 0.75);
        run.metric("loss", Double.NaN, 2);
        run.tag("colour", "blau");
        run.dataset("raw.x", "abcd1234-v3", "delta_table", "{}", "{}", "input");
        run.artifact(file, "notes");
        run.artifactText("plain/ä b.txt", "text");
        run.drift("fraud", "2", 1000, "{\"rows\":[]}");
        run.end(RunStatus.FINISHED);
    }

    private void assertWhole() {
        assertThat(server.runs()).hasSize(1);
        FakeMlflow.StoredRun run = server.runs().get(0);
        assertThat(run.status).isEqualTo("FINISHED");
        assertThat(run.params).isEqualTo(Map.of("depth", "3"));
        assertThat(run.metrics).hasSize(2);
        assertThat(run.latest).containsEntry("auc", 0.75).containsEntry("loss", Double.NaN);
        assertThat(run.tags)
                .containsEntry("colour", "blau")
                .containsEntry("millrace.job", "demo")
                .containsEntry("mlflow.user", "ada");
        assertThat(run.inputs).hasSize(1);
        assertThat(server.artifacts()).hasSize(2);
        assertThat(server.artifacts().get("1/" + run.id + "/artifacts/plain/ä b.txt"))
                .asString()
                .isEqualTo("text");
        assertThat(server.drift()).isEqualTo(Map.of("fraud/2/1000", "{\"rows\":[]}"));
    }

    @Test
    void aRunReachesALiveServerWholeAndLeavesNoJournal() throws Exception {
        Tracking tracking = online();
        Tracking.Started started = tracking.start(start(true));

        record(started.run());

        assertWhole();
        assertThat(server.runs().get(0).id).isEqualTo(started.run().id());
        assertThat(started.url())
                .contains(server.location().uri() + "/#/experiments/1/runs/"
                        + started.run().id());
        assertThat(tracking.waiting()).isZero();
    }

    @Test
    void withoutAServerARunWaitsAndSyncBringsItOver() throws Exception {
        Tracking.Started started = offline().start(start(false));
        record(started.run());
        assertThat(started.url()).isEmpty();
        assertThat(offline().waiting()).isEqualTo(1);

        Tracking.Synced synced = online().sync();

        assertThat(synced).isEqualTo(new Tracking.Synced(List.of(started.run().id()), List.of()));
        assertWhole();
        assertThat(online().waiting()).isZero();
        assertThat(online().sync().sent()).isEmpty();
    }

    @Test
    void aRunThatMustBeTrackedDoesNotBeginWithoutAServer() {
        assertThatThrownBy(() -> offline().start(start(true)))
                .isInstanceOfSatisfying(MillraceException.class, refused -> assertThat(refused.kind())
                        .isEqualTo(ErrorKind.REGISTRY_UNREACHABLE));
        server.dieAfter(0);
        assertThatThrownBy(() -> online().start(start(true)))
                .isInstanceOfSatisfying(MillraceException.class, refused -> assertThat(refused.kind())
                        .isEqualTo(ErrorKind.REGISTRY_UNREACHABLE));
        assertThat(offline().waiting()).isZero();
    }

    @Test
    void aSyncThatDiesAfterAnyRequestIsCompletedByTheNextExactlyOnce() throws Exception {
        record(offline().start(start(false)).run());
        int died = 0;
        while (true) {
            server.dieAfter(died + 1);
            try {
                online().sync();
                break;
            } catch (MillraceException unreachable) {
                assertThat(unreachable.kind()).isEqualTo(ErrorKind.REGISTRY_UNREACHABLE);
                assertThat(offline().waiting()).isEqualTo(1);
                died++;
            }
        }
        server.comeBack();

        assertThat(died).isGreaterThanOrEqualTo(8);
        assertWhole();
        assertThat(offline().waiting()).isZero();
    }

    @Test
    void aSingleLostAnswerIsMadeGoodWhereverItIsLost() throws Exception {
        Path home = folder;
        record(offline().start(start(false)).run());
        List<Path> journal = copyable(home.resolve("spool"));
        server.loseAnswer(Integer.MAX_VALUE);
        online().sync();
        int requests = server.answered();

        for (int lost = 0; lost < requests; lost++) {
            try (FakeMlflow other = new FakeMlflow()) {
                restore(journal, home.resolve("spool"));
                other.loseAnswer(lost);
                tracking(Optional.of(other.location())).sync();

                assertThat(other.runs()).as("answer " + lost + " lost").hasSize(1);
                assertThat(other.runs().get(0)).hasToString(server.runs().get(0).toString());
                assertThat(other.artifacts()).hasSameSizeAs(server.artifacts());
                assertThat(offline().waiting()).isZero();
            }
        }
    }

    private List<Path> copyable(Path spool) throws IOException {
        Path kept = Files.createDirectories(folder.resolve("kept"));
        List<Path> files = new ArrayList<>();
        try (var below = Files.walk(spool)) {
            for (Path file : below.filter(Files::isRegularFile).toList()) {
                Path copy = kept.resolve(spool.relativize(file));
                Files.createDirectories(copy.getParent());
                files.add(Files.copy(file, copy));
            }
        }
        return files;
    }

    private void restore(List<Path> files, Path spool) throws IOException {
        for (Path file : files) {
            Path target = spool.resolve(folder.resolve("kept").relativize(file));
            Files.createDirectories(target.getParent());
            Files.copy(file, target, java.nio.file.StandardCopyOption.REPLACE_EXISTING);
        }
    }

    @Test
    void aServerThatDiesWhileTheJobRunsCostsTheJobNothing() throws Exception {
        Tracking.Started started = online().start(start(false));
        server.dieAfter(0);

        record(started.run());

        assertThat(offline().waiting()).isEqualTo(1);
        server.comeBack();
        online().sync();
        assertWhole();
    }

    @Test
    void aRunWhoseProcessDiedIsClosedAsKilled() throws Exception {
        Path dead = journal(
                "f".repeat(32),
                """
                {"op":"create","run_id":"%s","experiment":"fraud","name":"demo","user":"ada","start_time":1,"tags":\
                [{"key":"millrace.run_id","value":"%s"},{"key":"millrace.job","value":"demo"}]}
                {"op":"param","key":"depth","value":"3"}
                {"op":"metric","key":"auc","va"""
                        .formatted("f".repeat(32), "f".repeat(32)));

        assertThat(online().closeDead("another")).isEmpty();
        assertThat(online().closeDead("demo")).containsExactly("f".repeat(32));

        assertThat(server.runs()).hasSize(1);
        assertThat(server.runs().get(0).status).isEqualTo("KILLED");
        assertThat(server.runs().get(0).params).isEqualTo(Map.of("depth", "3"));
        assertThat(dead).doesNotExist();
    }

    @Test
    void closedOfflineADeadRunEndsOnceOnly() throws Exception {
        Path dead = journal(
                "e".repeat(32),
                "{\"op\":\"create\",\"tags\":[{\"key\":\"millrace.job\",\"value\":\"demo\"}]}\n{\"op\"");

        assertThat(offline().closeDead("demo")).hasSize(1);
        assertThat(offline().closeDead("demo")).isEmpty();

        assertThat(Files.readString(dead.resolve("journal.jsonl")).lines())
                .hasSize(2)
                .last()
                .asString()
                .contains("KILLED");
    }

    @Test
    void aJournalKilledBeforeItsFirstLineIsNoRun() throws Exception {
        Path empty = journal("d".repeat(32), "{\"op\":\"cre");

        assertThat(online().sync().sent()).isEmpty();

        assertThat(empty).doesNotExist();
        assertThat(server.runs()).isEmpty();
    }

    private Path journal(String id, String text) throws IOException {
        Path spool = Files.createDirectories(folder.resolve("spool").resolve(id));
        Files.writeString(spool.resolve("journal.jsonl"), text);
        return spool;
    }

    @Test
    void aLiveRunIsLeftAloneAndTwoSyncsDoNotMeet() throws Exception {
        Run live = offline().start(start(false)).run();

        assertThat(online().sync()).isEqualTo(new Tracking.Synced(List.of(), List.of(live.id())));
        assertThat(online().closeDead("demo")).isEmpty();
        try (FileChannel channel = FileChannel.open(
                        folder.resolve("spool/.sync.lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
                FileLock lock = channel.lock()) {
            assertThat(lock.isValid()).isTrue();
            assertThatThrownBy(() -> online().sync())
                    .isInstanceOfSatisfying(MillraceException.class, refused -> assertThat(refused.kind())
                            .isEqualTo(ErrorKind.CONFLICT));
        }
        live.end(RunStatus.FINISHED);
    }

    /** Locks of a process end when it closes any channel of the file, so looking at one's own journals must not. */
    @Test
    void noOtherProcessTakesALiveRunWhateverThisOneLooksAt() throws Exception {
        Run live = offline().start(start(false)).run();
        assertThat(online().closeDead("demo")).isEmpty();
        assertThat(online().waiting()).isEqualTo(1);
        online().sync();

        Path probe = Files.writeString(
                folder.resolve("Probe.java"),
                """
                import java.nio.channels.FileChannel;
                import java.nio.file.*;

                class Probe {
                    public static void main(String[] arguments) throws Exception {
                        try (FileChannel lock = FileChannel.open(Path.of(arguments[0]), StandardOpenOption.WRITE)) {
                            System.exit(lock.tryLock() == null ? 3 : 0);
                        }
                    }
                }
                """);
        int free = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin/java").toString(),
                        probe.toString(),
                        folder.resolve("spool/" + live.id() + "/lock").toString())
                .inheritIO()
                .start()
                .waitFor();

        assertThat(free).as("3: locked by us").isEqualTo(3);
        live.end(RunStatus.FINISHED);
    }

    @Test
    void aRegistryOutOfOrderIsAsOneThatIsDown() throws Exception {
        server.beOutOfOrder();

        Run run = online().start(start(false)).run();
        record(run);

        assertThat(online().reachable()).isFalse();
        assertThatThrownBy(() -> online().requireReachable("promote"))
                .isInstanceOfSatisfying(MillraceException.class, refused -> assertThat(refused.kind())
                        .isEqualTo(ErrorKind.REGISTRY_UNREACHABLE));
        server.comeBack();
        assertThat(online().sync().sent()).containsExactly(run.id());
        assertWhole();
    }

    @Test
    void aPlainMlflowServerKeepsDriftAsAnArtifact() throws Exception {
        server.beNoMillraceRegistry();

        record(online().start(start(true)).run());

        assertThat(server.drift()).isEmpty();
        assertThat(server.artifacts().keySet()).anyMatch(path -> path.endsWith("artifacts/drift/fraud-2-1000.json"));
    }

    @Test
    void childrenNameTheirParent() {
        Run parent = online().start(start(true)).run();
        Run child = parent.child("trial 1");
        child.end(RunStatus.FAILED);
        parent.end(RunStatus.FINISHED);

        assertThat(server.runs()).extracting(run -> run.status).containsExactly("FINISHED", "FAILED");
        assertThat(server.runs().get(1).tags).containsEntry("mlflow.parentRunId", parent.id());
    }

    @Test
    void aPlainMlflowServerHasRunsUnderIdsOfItsOwnWhichAreFoundByOurs() {
        server.beNoMillraceRegistry();

        Run parent = online().start(start(true)).run();
        Run child = parent.child("trial 1");

        String there = server.runs().get(0).id;
        assertThat(there).isNotEqualTo(parent.id());
        assertThat(server.runs().get(1).tags).containsEntry("mlflow.parentRunId", there);
        ModelRegistry registry = online().registry();
        assertThat(registry.run(parent.id()).id()).isEqualTo(there);
        assertThat(registry.resolve("runs:/" + parent.id() + "/model").runId()).contains(there);
        assertThat(registry.run(child.id()).id()).isEqualTo(server.runs().get(1).id);
        assertThatThrownBy(() -> registry.run("f".repeat(32)))
                .isInstanceOf(MillraceException.class)
                .hasMessageContaining("has no run");
    }

    @Test
    void nothingIsRecordedAfterTheEnd() throws Exception {
        Run run = online().start(start(true)).run();
        record(run);

        run.param("late", 1);
        run.end(RunStatus.FAILED);

        assertWhole();
    }

    @Test
    void manyParamsGoInBatchesThatMlflowTakes() {
        Run run = offline().start(start(false)).run();
        for (int i = 0; i < 250; i++) run.param("p" + i, "v".repeat(i == 0 ? 9000 : 1));
        run.end(RunStatus.FINISHED);

        online().sync();

        assertThat(server.runs().get(0).params).hasSize(250);
        assertThat(server.runs().get(0).params.get("p0")).hasSize(5000).endsWith("…");
    }

    @Test
    void whatFailsOnceSparkIsStoppedWasKilled() throws IOException {
        Tracking tracking = offline();
        AtomicBoolean stopped = new AtomicBoolean();
        tracking.watch(stopped::get);
        Run before = tracking.start(start(false)).run();
        Run during = tracking.start(start(false)).run();
        Run trial = during.child("trial");
        Run open = tracking.start(start(false)).run();

        before.end(RunStatus.FAILED);
        stopped.set(true);
        trial.end(RunStatus.FAILED);
        during.end(RunStatus.FINISHED);
        List<String> killed = tracking.killOpen();

        assertThat(killed).containsExactlyInAnyOrder(trial.id(), open.id());
        assertThat(List.of(end(before), end(trial), end(during), end(open)))
                .containsExactly("FAILED", "KILLED", "FINISHED", "KILLED");
        assertThatThrownBy(() -> tracking.start(start(false))).hasMessageContaining("no run begins any more");
        assertThat(folder.resolve("spool").toFile().list()).hasSize(4);
    }

    private String end(Run run) throws IOException {
        List<String> journal =
                Files.readAllLines(folder.resolve("spool").resolve(run.id()).resolve("journal.jsonl"));
        return MlflowHttp.JSON
                .readTree(journal.get(journal.size() - 1))
                .path("status")
                .asText();
    }
}
