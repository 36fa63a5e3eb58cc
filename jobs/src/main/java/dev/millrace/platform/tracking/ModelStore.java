package dev.millrace.platform.tracking;

import dev.millrace.platform.error.ErrorKind;
import dev.millrace.platform.error.MillraceException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.function.Consumer;
import java.util.stream.Stream;

/**
 * Model directories fetched from a registry, kept below the home's cache. A directory appears there whole or not at
 * all, and is checked against its {@code SHA256SUMS} at every use.
 *
 * @param root folder of the cache
 */
record ModelStore(Path root) {

    /** @param fill downloads into the empty folder it is given */
    Path fetch(String key, Consumer<Path> fill) {
        Path kept = root.resolve(key.replaceAll("[^A-Za-z0-9._-]", "_"));
        if (Files.isDirectory(kept)) return verified(kept);
        try {
            makeFolder(root);
            Path part = Files.createTempDirectory(root, ".part-");
            try {
                fill.accept(part);
                verified(part);
                Files.move(part, kept, StandardCopyOption.ATOMIC_MOVE);
            } finally {
                remove(part);
            }
        } catch (java.nio.file.FileAlreadyExistsException | java.nio.file.DirectoryNotEmptyException raced) {
            return verified(kept);
        } catch (IOException unwritable) {
            throw new MillraceException(
                    ErrorKind.OUTPUT_UNWRITABLE,
                    "Cannot store a model in `" + root + "`: " + unwritable.getMessage(),
                    unwritable);
        }
        return kept;
    }

    /** @throws MillraceException MODEL_UNUSABLE naming the first file that is missing or altered */
    static Path verified(Path folder) {
        Path sums = folder.resolve("SHA256SUMS");
        if (!Files.isRegularFile(sums)) return folder; // a model of another tool
        try {
            for (String line : Files.readAllLines(sums)) {
                if (line.isBlank()) continue;
                String[] parts = line.split(" [ *]", 2);
                Path file = folder.resolve(parts[1]).normalize();
                if (!file.startsWith(folder) || !Files.isRegularFile(file)) {
                    throw unusable(folder, "`" + parts[1] + "` is missing");
                }
                if (!sha256(file).equals(parts[0])) throw unusable(folder, "`" + parts[1] + "` was altered");
            }
            return folder;
        } catch (IOException unreadable) {
            throw new MillraceException(
                    ErrorKind.MODEL_UNUSABLE,
                    "Cannot read the model in " + folder + ": " + unreadable.getMessage(),
                    unreadable);
        }
    }

    private static MillraceException unusable(Path folder, String reason) {
        return new MillraceException(
                ErrorKind.MODEL_UNUSABLE,
                "The model in " + folder + " does not match its SHA256SUMS: " + reason
                        + ". Remove that folder to download it again, or train the model again.");
    }

    private static String sha256(Path file) throws IOException {
        try (InputStream in = new DigestInputStream(Files.newInputStream(file), MessageDigest.getInstance("SHA-256"))) {
            in.transferTo(java.io.OutputStream.nullOutputStream());
            return HexFormat.of()
                    .formatHex(((DigestInputStream) in).getMessageDigest().digest());
        } catch (NoSuchAlgorithmException impossible) {
            throw new AssertionError("Every JDK has SHA-256", impossible);
        }
    }

    static void makeFolder(Path folder) {
        try {
            Files.createDirectories(folder);
        } catch (IOException unwritable) {
            throw new MillraceException(
                    ErrorKind.OUTPUT_UNWRITABLE,
                    "Cannot create `" + folder + "`: " + unwritable.getMessage(),
                    unwritable);
        }
    }

    private static void remove(Path folder) throws IOException {
        if (!Files.exists(folder)) return;
        try (Stream<Path> below = Files.walk(folder)) {
            for (Path path : below.sorted(Comparator.reverseOrder()).toList()) Files.deleteIfExists(path);
        }
    }
}
