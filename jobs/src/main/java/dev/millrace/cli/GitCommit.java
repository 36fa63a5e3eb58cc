package dev.millrace.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** The commit a file's repository is at, read from git's own files (gitrepository-layout); git need not be there. */
final class GitCommit {
    private GitCommit() {}

    /** Empty when {@code file} is in no repository, or git's files cannot be understood. */
    static Optional<String> of(Path file) {
        for (Path folder = file.getParent(); folder != null; folder = folder.getParent()) {
            Path git = folder.resolve(".git");
            if (!Files.exists(git)) continue;
            try {
                return head(git);
            } catch (IOException unreadable) {
                return Optional.empty();
            }
        }
        return Optional.empty();
    }

    private static Optional<String> head(Path dotGit) throws IOException {
        Path git = Files.isDirectory(dotGit)
                ? dotGit
                : dotGit.resolveSibling(
                        Files.readString(dotGit).replaceFirst("^gitdir: ", "").strip());
        String head = Files.readString(git.resolve("HEAD")).strip();
        if (!head.startsWith("ref: ")) return commit(head);
        String ref = head.substring("ref: ".length());
        Path common = Files.exists(git.resolve("commondir"))
                ? git.resolve(Files.readString(git.resolve("commondir")).strip())
                        .normalize()
                : git;
        if (Files.exists(common.resolve(ref)))
            return commit(Files.readString(common.resolve(ref)).strip());
        Path packed = common.resolve("packed-refs");
        List<String> lines = Files.exists(packed) ? Files.readAllLines(packed) : List.of();
        return lines.stream()
                .filter(line -> line.endsWith(" " + ref))
                .findFirst()
                .flatMap(line -> commit(line.substring(0, line.indexOf(' '))));
    }

    private static Optional<String> commit(String text) {
        return text.matches("[0-9a-f]{40}|[0-9a-f]{64}") ? Optional.of(text) : Optional.empty();
    }
}
