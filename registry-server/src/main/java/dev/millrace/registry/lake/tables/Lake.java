package dev.millrace.registry.lake.tables;

import dev.millrace.registry.platform.error.ErrorKind;
import dev.millrace.registry.platform.error.MillraceException;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/**
 * One folder with tables {@code <root>/<schema>/<table>}, as the jobs write them. Whether it is there is looked up at
 * each call: a server often starts before the first job. Links are not followed below the root, so nothing outside it
 * can be named.
 */
public final class Lake {
    private final Path configured;

    public Lake(Path root) {
        this.configured = root;
    }

    /** Whether the folder is there. */
    public boolean exists() {
        return Files.isDirectory(configured);
    }

    /** As it was given, for messages. */
    public Path root() {
        return configured;
    }

    /** The tables there are, by name; what is no table is passed over. */
    public List<TableName> names() {
        if (!exists()) return List.of();
        List<TableName> names = new ArrayList<>();
        for (Path schema : folders(configured)) {
            for (Path table : folders(schema)) {
                String text = schema.getFileName() + "." + table.getFileName();
                if (TableName.matches(text) && isFolder(table.resolve(DeltaLog.FOLDER))) {
                    names.add(TableName.parse(text));
                }
            }
        }
        Collections.sort(names);
        return names;
    }

    /**
     * The log of a table.
     *
     * @throws MillraceException NOT_FOUND without a lake or such a table
     */
    public DeltaLog log(TableName name) {
        requireLake();
        Path schema = configured.resolve(name.schema());
        Path folder = schema.resolve(name.table());
        if (isFolder(schema) && isFolder(folder) && isFolder(folder.resolve(DeltaLog.FOLDER))) {
            return new DeltaLog(name, folder);
        }
        throw MillraceException.notFound(
                "There is no table `" + name + "` in the lake of this server. GET /api/v1/tables lists what there is.");
    }

    /** @throws MillraceException NOT_FOUND, saying how to get one */
    public void requireLake() {
        if (!exists()) {
            throw MillraceException.notFound("This server has no lake: " + configured
                    + " is no folder. Start it with `--lake DIR` (or MILLRACE_LAKE), where DIR/<schema>/<table> are the"
                    + " tables, or run a first job on its home.");
        }
    }

    /** The folder itself, links resolved: what data files must lie in. */
    Path realRoot() {
        try {
            return configured.toRealPath();
        } catch (IOException gone) {
            throw unreadable(configured, gone);
        }
    }

    private static boolean isFolder(Path path) {
        return Files.isDirectory(path, LinkOption.NOFOLLOW_LINKS);
    }

    private static List<Path> folders(Path parent) {
        List<Path> found = new ArrayList<>();
        try (DirectoryStream<Path> children = Files.newDirectoryStream(parent, Lake::isFolder)) {
            children.forEach(found::add);
        } catch (NoSuchFileException | NotDirectoryException gone) {
            return List.of();
        } catch (IOException denied) {
            throw unreadable(parent, denied);
        }
        return found;
    }

    static MillraceException unreadable(Path what, IOException cause) {
        return new MillraceException(
                ErrorKind.INPUT_UNREADABLE,
                "The server cannot list `" + what.getFileName()
                        + "` in its lake. Its user needs to be able to read it; the log has the cause.",
                cause);
    }
}
