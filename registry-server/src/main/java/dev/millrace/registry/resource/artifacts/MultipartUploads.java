package dev.millrace.registry.resource.artifacts;

import com.fasterxml.jackson.databind.JsonNode;
import dev.millrace.registry.platform.error.ErrorKind;
import dev.millrace.registry.platform.error.MillraceException;
import dev.millrace.registry.platform.http.SafePath;
import dev.millrace.registry.platform.http.StrictJson;
import dev.millrace.registry.platform.naming.Ids;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * Files that come in parts: several at a time, in any order, each again if need be (decision 0260). Parts lie below {@code
 * HOME/registry/uploads} until the upload is completed, whatever the store; then the store takes them as one file, as it
 * takes any other. What was acknowledged survives a restart. An upload into which nothing came for a day is cleared.
 * Thread-safe.
 */
public final class MultipartUploads {
    /** As many as S3 takes. */
    static final int MOST_PARTS = 10_000;

    static final int MOST_OPEN = 1_000;
    private static final Duration LIFE = Duration.ofDays(1);
    private static final Duration MEMORY = Duration.ofHours(1);
    private static final String PLAN = "upload.json";
    /** Holds the tags of the parts when the upload is completed, so that saying so twice is the same as once. */
    private static final String DONE = "done";

    private final Path root;
    private final ArtifactStore store;
    private final Ids ids;
    private final Clock clock;
    private final Set<String> busy = ConcurrentHashMap.newKeySet();

    private MultipartUploads(Path root, ArtifactStore store, Ids ids, Clock clock) {
        this.root = root;
        this.store = store;
        this.ids = ids;
        this.clock = clock;
    }

    /**
     * Also clears what was left for more than a day.
     *
     * @param home {@code HOME/registry}
     * @param ids must not be guessable: whoever knows an upload's id may send its parts
     */
    public static MultipartUploads open(Path home, ArtifactStore store, Ids ids, Clock clock) {
        try {
            MultipartUploads uploads =
                    new MultipartUploads(Files.createDirectories(home.resolve("uploads")), store, ids, clock);
            uploads.clearOld();
            return uploads;
        } catch (IOException denied) {
            throw unwritable(denied);
        }
    }

    /** What was sent of a file, as its sender tells it. */
    record Part(int number, String etag) {}

    /**
     * Begins an upload.
     *
     * @param path where the file will be
     * @param parts how many there will be
     * @return its id
     */
    String begin(String path, int parts, String user) {
        String plain = SafePath.require(path);
        if (parts < 1 || parts > MOST_PARTS) {
            throw MillraceException.invalid("Invalid value " + parts
                    + " for parameter 'num_parts' supplied. It must be between 1 and " + MOST_PARTS + ".");
        }
        try {
            if (clearOld() >= MOST_OPEN) {
                throw new MillraceException(
                        ErrorKind.LIMIT,
                        MOST_OPEN + " multipart uploads are open. Complete or abort some, or send the file whole.");
            }
            String id = ids.id();
            Path folder = Files.createDirectory(root.resolve(id));
            Files.writeString(
                    folder.resolve(PLAN), StrictJson.text(Map.of("path", plain, "parts", parts, "user", user)));
            return id;
        } catch (IOException denied) {
            throw unwritable(denied);
        }
    }

    /** How many are still open. */
    private int clearOld() throws IOException {
        Instant now = clock.instant();
        int open = 0;
        try (Stream<Path> all = Files.list(root)) {
            for (Path folder : all.toList()) {
                boolean done = Files.exists(folder.resolve(DONE));
                if (changed(folder).plus(done ? MEMORY : LIFE).isBefore(now)) delete(folder);
                else if (!done) open++;
            }
        }
        return open;
    }

    /** When something was last put into it, or just now where it is being deleted. */
    private Instant changed(Path folder) throws IOException {
        try {
            return Files.getLastModifiedTime(folder).toInstant();
        } catch (NoSuchFileException deleted) {
            return clock.instant();
        }
    }

    /**
     * Receives a part, whole or not at all.
     *
     * @param content read to its end; not closed
     * @return its tag: the digest of its bytes
     * @throws MillraceException NOT_FOUND, USAGE, OUTPUT_UNWRITABLE
     */
    String receive(String id, int number, InputStream content) throws IOException {
        Plan plan = plan(id).filter(found -> !found.isDone()).orElseThrow(() -> missing());
        if (number < 1 || number > plan.parts()) {
            throw MillraceException.invalid(
                    "Part " + number + " is not one of this upload's: they are 1 to " + plan.parts() + ".");
        }
        Path received = temporary(plan);
        try {
            DigestInputStream digesting = new DigestInputStream(content, sha256());
            LocalArtifacts.receive(digesting, received);
            String etag = HexFormat.of().formatHex(digesting.getMessageDigest().digest());
            Files.move(received, plan.part(number, etag), StandardCopyOption.ATOMIC_MOVE);
            LocalArtifacts.sync(plan.folder());
            return etag;
        } catch (NoSuchFileException aborted) {
            throw missing();
        } finally {
            Files.deleteIfExists(received);
        }
    }

    private static Path temporary(Plan plan) {
        try {
            return Files.createTempFile(plan.folder(), "receiving-", "");
        } catch (NoSuchFileException aborted) {
            throw missing();
        } catch (IOException denied) {
            throw unwritable(denied);
        }
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException impossible) {
            throw new AssertionError(impossible);
        }
    }

    /**
     * Puts the file in its place at once.
     *
     * @param path must be the one it was begun with, as {@code user} must
     * @param parts all of them, in any order
     * @throws MillraceException NOT_FOUND; USAGE when a part is missing, or is another than was received
     */
    void complete(String id, String path, String user, List<Part> parts) throws IOException {
        alone(id, path, user, plan -> {
            List<Part> sorted =
                    parts.stream().sorted(Comparator.comparingInt(Part::number)).toList();
            String tags = sorted.stream().map(Part::etag).collect(Collectors.joining("\n"));
            if (plan.isDone()) {
                if (tags.equals(Files.readString(plan.folder().resolve(DONE)))) return;
                throw missing();
            }
            List<Path> files = requireAll(plan, sorted);
            try (InputStream whole = new JoinedFiles(files.iterator())) {
                store.put(path, whole);
            }
            Files.writeString(plan.folder().resolve(DONE), tags);
            plan.clear();
        });
    }

    private static List<Path> requireAll(Plan plan, List<Part> sorted) {
        List<Integer> numbers = sorted.stream().map(Part::number).toList();
        if (!numbers.equals(IntStream.rangeClosed(1, plan.parts()).boxed().toList())) {
            throw MillraceException.invalid("Parameter 'parts' must name each of the parts 1 to " + plan.parts()
                    + " once; it has " + numbers.size() + ".");
        }
        return sorted.stream()
                .map(part -> plan.received(part)
                        .orElseThrow(() -> MillraceException.invalid("Part " + part.number()
                                + " was not received with this ETag. Send it again, and name the ETag of the answer.")))
                .toList();
    }

    /** Forgets an upload; one that is unknown or completed stays as it is. */
    void abort(String id, String path, String user) throws IOException {
        if (plan(id).isEmpty()) return;
        alone(id, path, user, plan -> {
            if (!plan.isDone()) delete(plan.folder());
        });
    }

    /** What is done to an upload that belongs to who asks. */
    private interface Step {
        void on(Plan plan) throws IOException;
    }

    private void alone(String id, String path, String user, Step step) throws IOException {
        if (!busy.add(id)) {
            throw new MillraceException(ErrorKind.TEMPORARY, "This upload is being completed. Try again in a moment.");
        }
        try {
            step.on(plan(id).filter(
                            plan -> plan.path().equals(path) && plan.user().equals(user))
                    .orElseThrow(() -> missing()));
        } finally {
            busy.remove(id);
        }
    }

    private Optional<Plan> plan(String id) {
        if (!Ids.isId(id)) return Optional.empty();
        Path folder = root.resolve(id);
        try {
            JsonNode plan = StrictJson.tree(Files.readString(folder.resolve(PLAN)));
            return Optional.of(new Plan(
                    folder,
                    plan.path("path").asText(),
                    plan.path("parts").asInt(),
                    plan.path("user").asText()));
        } catch (NoSuchFileException absent) {
            return Optional.empty();
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
    }

    /** An upload as its folder tells it. */
    private record Plan(Path folder, String path, int parts, String user) {
        boolean isDone() {
            return Files.exists(folder.resolve(DONE));
        }

        Path part(int number, String etag) {
            return folder.resolve(String.format(Locale.ROOT, "%05d-%s", number, etag));
        }

        Optional<Path> received(Part part) {
            if (!part.etag().matches("[0-9a-f]{64}")) return Optional.empty();
            return Optional.of(part(part.number(), part.etag())).filter(Files::exists);
        }

        /** Leaves only what tells that it is completed. */
        void clear() throws IOException {
            try (Stream<Path> files = Files.list(folder)) {
                for (Path file : files.toList()) {
                    String name = file.getFileName().toString();
                    if (!name.equals(PLAN) && !name.equals(DONE)) Files.deleteIfExists(file);
                }
            }
        }
    }

    private static void delete(Path folder) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            for (Path file : files.toList()) Files.deleteIfExists(file);
        } catch (NoSuchFileException deleted) {
            return;
        }
        Files.deleteIfExists(folder);
    }

    private static MillraceException missing() {
        return MillraceException.notFound("There is no such multipart upload. It may have been completed, aborted, or"
                + " cleared after a day: begin again.");
    }

    private static MillraceException unwritable(IOException cause) {
        return new MillraceException(
                ErrorKind.OUTPUT_UNWRITABLE,
                "The registry cannot write to its folder of uploads (" + cause.getMessage()
                        + "). Free space on its disk or mend its permissions, then retry.",
                cause);
    }
}
