package dev.millrace.platform.home;

import java.net.URI;
import java.nio.file.Path;
import java.util.Optional;

/**
 * The folder that holds a lake and what belongs to it (CONTRACT §3). The lake may be on any Hadoop file system; spool,
 * cache and logs are always on the driver's own disk.
 *
 * @param root absolute path or URI, without a trailing slash
 * @param local where things go that must be on local disk
 */
public record Home(String root, Path local) {

    /**
     * @param given a path (relative to the working directory) or a URI
     * @param scratch local folder for spool and cache when {@code given} is not on local disk
     */
    public static Home of(String given, Path scratch) {
        boolean remote = given.matches("[A-Za-z][A-Za-z0-9+.-]+:/.*") && !given.startsWith("file:");
        if (remote) return new Home(given.replaceAll("/+$", ""), scratch);
        Path path = given.startsWith("file:") ? Path.of(URI.create(given)) : Path.of(given);
        Path absolute = path.toAbsolutePath().normalize();
        return new Home(absolute.toString(), absolute);
    }

    /** {@code HOME/lake}, for Hadoop's FileSystem. */
    public String lake() {
        return root + "/lake";
    }

    /** {@code HOME/registry/server.json}, written by a live server; absent for a remote home. */
    public Optional<Path> serverFile() {
        return root.equals(local.toString()) ? Optional.of(local.resolve("registry/server.json")) : Optional.empty();
    }

    public Path spool() {
        return local.resolve("spool");
    }

    public Path cache() {
        return local.resolve("cache");
    }
}
