package dev.millrace.job.ingest;

import dev.millrace.platform.error.ErrorKind;
import dev.millrace.platform.error.MillraceException;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;

/**
 * Finds files on any Hadoop file system. A path is taken literally when there is such a file or folder, else as a glob;
 * folders are searched to their depth. Names that begin with {@code _} or {@code .} are left out, as Spark does.
 */
final class SourceFiles {
    private static final List<String> QUIET =
            List.of("_SUCCESS", "_temporary", "_delta_log", "_committed_", "_started_");

    private final Configuration hadoop;
    private final Optional<IngestConfig.Format> declared;
    private final Map<String, SourceFile> found = new TreeMap<>();
    private final List<String> hidden = new ArrayList<>();
    private final List<String> others = new ArrayList<>();

    /**
     * What there is.
     *
     * @param files sorted by path
     * @param format of all of them
     * @param hidden left out because of their names
     * @param others in a searched folder, but of no known format
     */
    record Listing(List<SourceFile> files, IngestConfig.Format format, List<String> hidden, List<String> others) {}

    private SourceFiles(Configuration hadoop, Optional<IngestConfig.Format> declared) {
        this.hadoop = hadoop;
        this.declared = declared;
    }

    /** @throws MillraceException NOT_FOUND when nothing matches; INPUT_UNREADABLE; CONFIG when formats are mixed */
    static Listing list(List<String> paths, Optional<IngestConfig.Format> declared, Configuration hadoop) {
        SourceFiles search = new SourceFiles(hadoop, declared);
        for (String path : paths) search.add(path);
        if (search.found.isEmpty()) throw search.nothing(paths);
        List<SourceFile> files = List.copyOf(search.found.values());
        return new Listing(files, search.format(files), List.copyOf(search.hidden), List.copyOf(search.others));
    }

    private void add(String given) {
        Path path = new Path(given);
        try {
            FileSystem files = path.getFileSystem(hadoop);
            FileStatus[] matches =
                    files.exists(path) ? new FileStatus[] {files.getFileStatus(path)} : files.globStatus(path);
            if (matches == null) return;
            for (FileStatus match : matches) {
                if (isHidden(match.getPath())) hide(match.getPath());
                else if (match.isDirectory()) addFolder(files, match.getPath());
                else take(match);
            }
        } catch (FileNotFoundException gone) {
            // Vanished between listing and looking: it was never there.
        } catch (IOException unreadable) {
            throw new MillraceException(
                    ErrorKind.INPUT_UNREADABLE, "Cannot list `" + given + "`: " + unreadable.getMessage(), unreadable);
        }
    }

    private void addFolder(FileSystem files, Path folder) throws IOException {
        for (FileStatus child : files.listStatus(folder)) {
            if (isHidden(child.getPath())) hide(child.getPath());
            else if (child.isDirectory()) addFolder(files, child.getPath());
            else if (formatOf(child.getPath().getName()).isPresent() || declared.isPresent()) take(child);
            else others.add(SourceFile.printed(child.getPath().toString()));
        }
    }

    private void take(FileStatus file) {
        String path = file.getPath().toString();
        found.put(path, new SourceFile(path, file.getLen(), file.getModificationTime()));
    }

    private void hide(Path path) {
        if (QUIET.stream().noneMatch(path.getName()::startsWith)
                && !path.getName().endsWith(".crc")) {
            hidden.add(SourceFile.printed(path.toString()));
        }
    }

    private static boolean isHidden(Path path) {
        return path.getName().startsWith("_") || path.getName().startsWith(".");
    }

    private MillraceException nothing(List<String> paths) {
        String named = "`" + String.join("`, `", paths) + "`";
        if (!hidden.isEmpty()) {
            return new MillraceException(
                    ErrorKind.NOT_FOUND,
                    "There is nothing to take at " + named + " but files whose names begin with _ or ., which are"
                            + " ignored: " + String.join(", ", hidden) + ". Rename them to take them in.");
        }
        String but = others.isEmpty()
                ? ""
                : " There are files of no known kind (" + String.join(", ", others) + "): say what they are by"
                        + " `format`.";
        return new MillraceException(
                ErrorKind.NOT_FOUND, "There is no file at " + named + "." + but + " Check `ingest.path`.");
    }

    private IngestConfig.Format format(List<SourceFile> files) {
        if (declared.isPresent()) return declared.get();
        Map<IngestConfig.Format, String> examples = new EnumMap<>(IngestConfig.Format.class);
        for (SourceFile file : files) {
            String name = new Path(file.path()).getName();
            IngestConfig.Format format = formatOf(name)
                    .orElseThrow(() -> new MillraceException(
                            ErrorKind.CONFIG,
                            "The extension of `" + file.printed()
                                    + "` does not say what it is. Set `ingest.format` to csv,"
                                    + " json, parquet or orc."));
            examples.putIfAbsent(format, file.printed());
        }
        if (examples.size() > 1) {
            throw new MillraceException(
                    ErrorKind.CONFIG,
                    "The files are of several formats, e.g. " + String.join(", ", examples.values())
                            + ". Take one format per job: narrow `ingest.path`.");
        }
        return examples.keySet().iterator().next();
    }

    /** By extension; that of a compression does not count. */
    static Optional<IngestConfig.Format> formatOf(String name) {
        String lower = name.toLowerCase(Locale.ROOT).replaceFirst("\\.(gz|bz2|zst|zstd|snappy|lz4|deflate)$", "");
        String extension = lower.substring(lower.lastIndexOf('.') + 1);
        return switch (extension) {
            case "csv", "tsv", "txt", "data" -> Optional.of(IngestConfig.Format.CSV);
            case "json", "jsonl", "ndjson" -> Optional.of(IngestConfig.Format.JSON);
            case "parquet", "pq" -> Optional.of(IngestConfig.Format.PARQUET);
            case "orc" -> Optional.of(IngestConfig.Format.ORC);
            default -> Optional.empty();
        };
    }

    /** The largest first, so that tasks of about equal size can be made of them. */
    static List<SourceFile> bySize(List<SourceFile> files) {
        return files.stream()
                .sorted(Comparator.comparingLong(SourceFile::bytes).reversed().thenComparing(SourceFile::path))
                .toList();
    }
}
