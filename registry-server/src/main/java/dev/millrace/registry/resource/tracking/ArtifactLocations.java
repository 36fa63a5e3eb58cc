package dev.millrace.registry.resource.tracking;

import dev.millrace.registry.platform.error.MillraceException;
import dev.millrace.registry.platform.http.ForeignHosts;
import dev.millrace.registry.platform.http.LocalFolder;
import dev.millrace.registry.platform.http.SafePath;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Where experiments may keep their artifacts: with this server, in an object store that clients write to themselves, or
 * below local folders that the server's owner has named. Never elsewhere on the server's disk and never at a host of the
 * client's choosing: later requests append to the location and read there.
 */
final class ArtifactLocations {
    private static final String SERVED = "mlflow-artifacts:/";
    private static final Set<String> OBJECT_STORES = Set.of("s3", "gs", "wasb", "wasbs", "dbfs");
    private static final Pattern URI = Pattern.compile("([A-Za-z][A-Za-z0-9+.-]*):/*(.*)", Pattern.DOTALL);

    private final List<Path> folders;

    /** @param folders absolute and without {@code ..} */
    ArtifactLocations(List<Path> folders) {
        this.folders = List.copyOf(folders);
    }

    static String ofExperiment(long id) {
        return SERVED + id;
    }

    String require(String location) {
        if (location.contains("?") || location.contains("#")) {
            throw MillraceException.invalid("'artifact_location' URL can't include fragments or params.");
        }
        if (isAllowedFolder(location)) return location.replaceAll("/+$", "");
        Matcher uri = URI.matcher(location);
        if (uri.matches()) ForeignHosts.refuse(uri.group(1), "artifact_location");
        boolean served = location.startsWith(SERVED);
        if (!uri.matches() || !(served || OBJECT_STORES.contains(uri.group(1)))) {
            throw MillraceException.invalid("'artifact_location' " + location + " is not allowed: leave it out to keep"
                    + " artifacts with this server, or use one of " + OBJECT_STORES
                    + ". Local folders are allowed where the server was started with `--artifact-folder`.");
        }
        String path = uri.group(2).replaceAll("/+$", "");
        if (!SafePath.require(path).equals(path)) throw MillraceException.invalid("Invalid path");
        return location.replaceAll("/+$", "");
    }

    private boolean isAllowedFolder(String location) {
        Optional<Path> folder = LocalFolder.of(location);
        return folder.isPresent() && folders.stream().anyMatch(folder.get()::startsWith);
    }
}
