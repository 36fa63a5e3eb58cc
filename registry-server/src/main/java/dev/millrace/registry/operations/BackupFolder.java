package dev.millrace.registry.operations;

import dev.millrace.registry.platform.error.ErrorKind;
import dev.millrace.registry.platform.error.MillraceException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.channels.FileChannel;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The files of a backup:
 *
 * <pre>
 * registry.db    every table, as a SQLite file, whatever database the server has
 * webhook.key    what opens the secrets of webhooks in it; readable by its owner only; absent when the home has none
 * artifacts/…    the files
 * backup.json    when, by which version, from what, rows by table
 * SHA256SUMS     digest and path of each of these; {@code sha256sum -c SHA256SUMS} checks it, too
 * </pre>
 */
final class BackupFolder {
    static final String DATABASE = "registry.db";
    static final String FACTS = "backup.json";
    static final String ARTIFACTS = "artifacts";
    static final String WEBHOOK_KEY = "webhook.key";
    private static final String SUMS = "SHA256SUMS";
    private static final Pattern LINE = Pattern.compile("([0-9a-f]{64}) {2}(.+)");

    private final Path folder;
    private final TreeMap<String, String> digests = new TreeMap<>();

    BackupFolder(Path folder) {
        this.folder = folder;
    }

    Path path(String name) {
        return folder.resolve(name);
    }

    int files() {
        return digests.size();
    }

    /** Adds a file that is in the folder already. */
    void add(String name) throws IOException {
        digests.put(name, digest(path(name)));
        sync(path(name));
    }

    /** Adds a copy of a file that only its owner may read, if it is there. */
    void addSecret(Path from, String name) throws IOException {
        if (!Files.exists(from.resolve(name))) return;
        Folders.copySecret(from.resolve(name), path(name));
        add(name);
    }

    /**
     * Copies such a file into {@code to}, unless the backup has none.
     *
     * @throws MillraceException USAGE when another is there
     */
    void copySecretTo(Path to, String name) throws IOException {
        if (!digests.containsKey(name)) return;
        Path target = to.resolve(name);
        if (!Files.exists(target)) Folders.copySecret(path(name), target);
        if (Files.mismatch(path(name), target) < 0) return;
        throw MillraceException.invalid(
                "`" + target + "` is not the one of the backup. Move it away, or restore into" + " another home.");
    }

    /**
     * Adds copies of all files below {@code root}. A file that is deleted meanwhile is left out; one that is replaced is
     * copied as it was or as it is, since artifacts take their names whole. Symbolic links are left out.
     *
     * @return bytes copied
     */
    long addArtifacts(Path root) throws IOException {
        Files.createDirectories(path(ARTIFACTS));
        if (!Files.isDirectory(root)) return 0;
        long[] bytes = {0};
        Files.walkFileTree(root, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
                if (attributes.isRegularFile()) bytes[0] += addArtifact(root, file);
                return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult visitFileFailed(Path file, IOException failed) throws IOException {
                if (failed instanceof NoSuchFileException) return FileVisitResult.CONTINUE;
                throw failed;
            }
        });
        return bytes[0];
    }

    private long addArtifact(Path root, Path file) throws IOException {
        String name = ARTIFACTS + "/" + root.relativize(file).toString().replace('\\', '/');
        try (InputStream in = Files.newInputStream(file)) {
            Path copy = path(name);
            Files.createDirectories(copy.getParent());
            DigestInputStream digesting = new DigestInputStream(in, sha256());
            try (OutputStream out = Files.newOutputStream(copy, StandardOpenOption.CREATE_NEW)) {
                digesting.transferTo(out);
            }
            sync(copy);
            digests.put(
                    name, HexFormat.of().formatHex(digesting.getMessageDigest().digest()));
            return Files.size(copy);
        } catch (NoSuchFileException deleted) {
            return 0;
        }
    }

    /** Writes the digests; last, so a backup that broke off has none. */
    void seal() throws IOException {
        List<String> lines = new ArrayList<>();
        digests.forEach((name, digest) -> lines.add(digest + "  " + name));
        Files.write(path(SUMS), lines);
        sync(path(SUMS));
    }

    /**
     * Reads every file and compares it with its digest.
     *
     * @throws MillraceException INPUT_UNREADABLE naming the first file that is missing or differs, or the missing digests
     */
    static BackupFolder verified(Path folder) throws IOException {
        if (!Files.isRegularFile(folder.resolve(SUMS))) {
            throw new MillraceException(
                    ErrorKind.INPUT_UNREADABLE,
                    "`" + folder + "` is no whole backup: it has no " + SUMS + ". Choose a folder that `backup` made.");
        }
        BackupFolder backup = new BackupFolder(folder);
        for (String line : Files.readAllLines(folder.resolve(SUMS))) {
            Matcher parts = LINE.matcher(line);
            if (!parts.matches()) throw damaged(folder.resolve(SUMS), "has the line '" + line + "'");
            Path file = folder.resolve(parts.group(2)).normalize();
            if (!file.startsWith(folder.normalize())) throw damaged(file, "lies outside of the backup");
            if (!Files.isRegularFile(file)) throw damaged(file, "is missing");
            String found = digest(file);
            if (!found.equals(parts.group(1))) {
                throw damaged(file, "has SHA-256 " + found + ", not " + parts.group(1));
            }
            backup.digests.put(parts.group(2), found);
        }
        return backup;
    }

    private static MillraceException damaged(Path file, String how) {
        return new MillraceException(
                ErrorKind.INPUT_UNREADABLE,
                "The backup is damaged: `" + file + "` " + how + ". Nothing was restored; use another backup.");
    }

    /** Copies the artifacts into an empty or missing folder. */
    void copyArtifactsTo(Path root) throws IOException {
        for (String name : digests.keySet()) {
            if (!name.startsWith(ARTIFACTS + "/")) continue;
            Path target = root.resolve(name.substring(ARTIFACTS.length() + 1));
            Files.createDirectories(target.getParent());
            Files.copy(path(name), target);
            sync(target);
        }
    }

    static void sync(Path file) throws IOException {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
            channel.force(true);
        }
    }

    private static String digest(Path file) throws IOException {
        try (DigestInputStream in = new DigestInputStream(Files.newInputStream(file), sha256())) {
            in.transferTo(OutputStream.nullOutputStream());
            return HexFormat.of().formatHex(in.getMessageDigest().digest());
        }
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException impossible) {
            throw new AssertionError(impossible);
        }
    }
}
