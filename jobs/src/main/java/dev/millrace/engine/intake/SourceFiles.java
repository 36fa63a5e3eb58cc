package dev.millrace.engine.intake;

import dev.millrace.platform.error.ErrorKind;
import dev.millrace.platform.error.MillraceException;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
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
public final class SourceFiles {
    private static final List<String> QUIET =
            List.of("_SUCCESS", "_temporary", "_delta_log", "_committed_", "_started_");

    private final Configuration hadoop;
    private final Optional<FileFormat> declared;
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
    public record Listing(List<SourceFile> files, FileFormat format, List<String> hidden, List<String> others) {}

    private SourceFiles(Configuration hadoop, Optional<FileFormat> declared) {
        this.hadoop = hadoop;
        this.declared = declared;
    }

    /** @throws MillraceException NOT_FOUND when nothing matches; INPUT_UNREADABLE; CONFIG when formats are mixed */
    public static Listing list(List<String> paths, Optional<FileFormat> declared, Configuration hadoop) {
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
                else if (match.isDirectory()) addFolder(files, match.getPath(), match.getPath());
                else take(match, match.getPath());
            }
        } catch (FileNotFoundException gone) {
            // Vanished between listing and looking: it was never there.
        } catch (IOException unreadable) {
            throw new MillraceException(
                    ErrorKind.INPUT_UNREADABLE, "Cannot list `" + given + "`: " + unreadable.getMessage(), unreadable);
        }
    }

    private void addFolder(FileSystem files, Path root, Path folder) throws IOException {
        for (FileStatus child : files.listStatus(folder)) {
            if (isHidden(child.getPath())) hide(child.getPath());
            else if (child.isDirectory()) addFolder(files, root, child.getPath());
            else if (FileFormat.of(child.getPath().getName()).isPresent() || declared.isPresent()) take(child, root);
            else others.add(SourceFile.printed(child.getPath().toString()));
        }
    }

    private void take(FileStatus file, Path root) {
        String path = file.getPath().toString();
        Map<String, String> pathValues = PathColumns.of(path, root.toString());
        found.put(path, new SourceFile(path, file.getLen(), file.getModificationTime(), pathValues));
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
                    "There is nothing to ingest at " + named + " except files whose names begin with _ or ., which are"
                            + " ignored: " + String.join(", ", hidden) + ". Rename them to ingest them.");
        }
        String but = others.isEmpty()
                ? ""
                : " There are files with unknown extensions (" + String.join(", ", others) + "); set" + " `format`.";
        return new MillraceException(
                ErrorKind.NOT_FOUND, "There is no file at " + named + "." + but + " Check `ingest.path`.");
    }

    private FileFormat format(List<SourceFile> files) {
        if (declared.isPresent()) return declared.get();
        Map<FileFormat, String> examples = new EnumMap<>(FileFormat.class);
        for (SourceFile file : files) {
            String name = new Path(file.path()).getName();
            FileFormat format = FileFormat.of(name)
                    .orElseThrow(() -> new MillraceException(
                            ErrorKind.CONFIG,
                            "The extension of `" + file.printed()
                                    + "` is unknown. Set `ingest.format` to csv,"
                                    + " json, parquet or orc."));
            examples.putIfAbsent(format, file.printed());
        }
        if (examples.size() > 1) {
            throw new MillraceException(
                    ErrorKind.CONFIG,
                    "The files have several formats, e.g. " + String.join(", ", examples.values())
                            + ". A job reads files of one format. Set `ingest.path` to the files of one.");
        }
        return examples.keySet().iterator().next();
    }
}
