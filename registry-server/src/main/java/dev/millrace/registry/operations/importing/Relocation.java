package dev.millrace.registry.operations.importing;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.channels.FileChannel;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Where artifacts were, and where they will be. Folders of MLflow's machine become folders of this server ({@code
 * mlflow-artifacts:/ID/…}), since it opens no path that a record names; object stores stay as they are. Files are copied
 * after the records are read and before they are committed.
 */
final class Relocation {
    private static final String SERVED = "mlflow-artifacts:/";

    private final Optional<Path> servedRoot;
    private final Path base;
    private final long now;
    private final Map<String, String> moved = new LinkedHashMap<>();
    private final Map<Path, Path> copies = new LinkedHashMap<>();
    private final List<String> notFound = new ArrayList<>();

    /**
     * @param servedRoot the folder MLflow serves as {@code mlflow-artifacts:/}; absent: not at hand
     * @param base what relative locations are relative to
     * @param now epoch milliseconds: when runs were deleted of which that is not known
     */
    Relocation(Optional<Path> servedRoot, Path base, long now) {
        this.servedRoot = servedRoot;
        this.base = base;
        this.now = now;
    }

    /** Notes where an experiment's files are. @return its location with us */
    String ofExperiment(long id, String location) {
        String plain = location.replaceAll("/+$", "");
        if (plain.startsWith(SERVED)) {
            String path = plain.substring(SERVED.length()).replaceAll("^/+", "");
            found(plain, servedRoot.map(root -> root.resolve(path)), path);
            return plain;
        }
        Optional<Path> local = local(plain);
        if (local.isEmpty() || !found(plain, local, String.valueOf(id))) return plain;
        moved.put(plain, SERVED + id);
        return SERVED + id;
    }

    private boolean found(String location, Optional<Path> from, String to) {
        boolean there = from.isPresent() && Files.isDirectory(from.get());
        if (there) copies.put(from.get(), Path.of(to));
        else notFound.add(location);
        return there;
    }

    private Optional<Path> local(String location) {
        if (location.startsWith("file:"))
            return Optional.of(Path.of(URI.create(location).getPath()));
        if (location.isEmpty() || location.matches("[A-Za-z][A-Za-z0-9+.-]*:.*")) return Optional.empty();
        return Optional.of(base.resolve(location));
    }

    /** The place of a run's, a logged model's or a version's files with us. */
    String of(String uri) {
        for (Map.Entry<String, String> place : moved.entrySet()) {
            if (uri.equals(place.getKey())) return place.getValue();
            if (uri.startsWith(place.getKey() + "/")) {
                return place.getValue() + uri.substring(place.getKey().length());
            }
        }
        return uri;
    }

    /** @param known when MLflow says the run was deleted, or null */
    Long deletedAt(Long known) {
        return known == null ? now : known;
    }

    /** Locations whose files are not at hand; records of them keep pointing there. */
    List<String> notFound() {
        return notFound;
    }

    /**
     * Copies the files, each synced.
     *
     * @param root {@code HOME/registry/artifacts}
     * @return how many
     */
    long copyTo(Path root) {
        long[] files = {0};
        copies.forEach((from, to) -> {
            try {
                Files.walkFileTree(from, new SimpleFileVisitor<>() {
                    @Override
                    public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
                        if (!attributes.isRegularFile()) return FileVisitResult.CONTINUE;
                        Path target =
                                root.resolve(to).resolve(from.relativize(file).toString());
                        Files.createDirectories(target.getParent());
                        Files.copy(file, target, StandardCopyOption.REPLACE_EXISTING);
                        try (FileChannel channel = FileChannel.open(target, StandardOpenOption.READ)) {
                            channel.force(true);
                        }
                        files[0]++;
                        return FileVisitResult.CONTINUE;
                    }
                });
            } catch (IOException failed) {
                throw new UncheckedIOException("Artifacts cannot be copied from " + from, failed);
            }
        });
        return files[0];
    }
}
