package dev.millrace.registry.platform.http;

import dev.millrace.registry.platform.error.MillraceException;
import java.util.Set;

/** URI schemes that name a host: a server that read there would connect to whatever a client wrote. */
public final class ForeignHosts {
    private static final Set<String> SCHEMES =
            Set.of("http", "https", "ftp", "sftp", "hdfs", "viewfs", "r2", "b2", "abfss");

    private ForeignHosts() {}

    /**
     * Refuses such a scheme, with MLflow's words.
     *
     * @param field of the request that holds the URI
     * @throws MillraceException USAGE
     */
    public static void refuse(String scheme, String field) {
        if (!SCHEMES.contains(scheme)) return;
        throw MillraceException.invalid(
                "'" + field + "' cannot use the '" + scheme + "' scheme: the '" + scheme
                        + "' scheme addresses a host other than the tracking server's configured artifact storage, so the server"
                        + " would connect to the host named in the URI. Keep artifacts with this server, or in an object store.");
    }
}
