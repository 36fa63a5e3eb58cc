package dev.millrace.registry;

import dev.millrace.registry.error.ErrorKind;
import dev.millrace.registry.error.MillraceException;
import dev.millrace.registry.storage.Place;
import java.net.InetAddress;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.UnknownHostException;
import java.nio.file.Path;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * What the command line says.
 *
 * @param home folder whose {@code registry} holds database and artifacts
 * @param port 0: any free one
 * @param auth whether everybody has to say who they are, by a token
 * @param insecure whether a network may reach a server without authentication
 * @param names further names under which the server may be addressed
 * @param webhookHosts hosts that webhooks may reach by http and at addresses that are not public; lower case
 * @param database where the tables are; absent: in a file of the home
 * @param artifacts where files are kept, for Hadoop's file systems; absent: in the home
 * @param lake folder whose tables are shown; it need not be there yet
 */
record ServerOptions(
        Path home,
        String host,
        int port,
        boolean auth,
        boolean insecure,
        Set<String> names,
        Set<String> webhookHosts,
        Optional<Place.Postgres> database,
        Optional<URI> artifacts,
        Path lake) {
    static final String LAKE_VARIABLE = "MILLRACE_LAKE";
    static final String ARTIFACT_ROOT_VARIABLE = "MILLRACE_ARTIFACT_ROOT";

    /** Instead of {@code --database}: other users of the machine can read a command line, and it may hold a password. */
    static final String DATABASE_VARIABLE = "MILLRACE_DATABASE";

    static final String USAGE =
            """
            Usage: java -jar millrace-registry.jar [options]
              --home DIR           where database and artifacts are (default: ./.millrace)
              --host HOST          address to listen on (default: 127.0.0.1)
              --port PORT          port to listen on, 0 for any free one (default: 5000)
              --auth               ask everybody for a token; the first one is in HOME/registry/admin-token
              --insecure           listen on other than loopback without --auth
              --database URL       PostgreSQL instead of a file in the home: postgresql://USER:PASSWORD@HOST/DATABASE;
                                   MILLRACE_DATABASE in the environment does the same
              --artifact-root URI  keep files on hdfs://… or another file system that Hadoop knows, instead of in the home;
                                   MILLRACE_ARTIFACT_ROOT does the same
              --lake DIR           show the tables DIR/<schema>/<table> (default: HOME/lake); MILLRACE_LAKE does the same
              --allowed-host NAME  also answer to this name (repeatable)
              --webhook-host HOST  let webhooks reach this host by http and on a private address (repeatable)
              --help, --version""";

    ServerOptions {
        names = Set.copyOf(names);
        webhookHosts = Set.copyOf(webhookHosts);
    }

    static ServerOptions parse(List<String> arguments, Map<String, String> environment) {
        Path home = Path.of(".millrace");
        String host = "127.0.0.1";
        int port = 5000;
        boolean auth = false;
        boolean insecure = false;
        Set<String> names = new LinkedHashSet<>();
        Set<String> webhookHosts = new LinkedHashSet<>();
        Optional<String> database =
                Optional.ofNullable(environment.get(DATABASE_VARIABLE)).filter(url -> !url.isEmpty());
        Optional<String> lake =
                Optional.ofNullable(environment.get(LAKE_VARIABLE)).filter(folder -> !folder.isEmpty());
        Optional<String> artifacts =
                Optional.ofNullable(environment.get(ARTIFACT_ROOT_VARIABLE)).filter(place -> !place.isEmpty());
        for (int i = 0; i < arguments.size(); i++) {
            String option = arguments.get(i).replaceFirst("=.*", "");
            if (arguments.get(i).equals("--auth")) {
                auth = true;
                continue;
            }
            if (arguments.get(i).equals("--insecure")) {
                insecure = true;
                continue;
            }
            if (!Set.of(
                            "--home",
                            "--host",
                            "--port",
                            "--allowed-host",
                            "--database",
                            "--webhook-host",
                            "--lake",
                            "--artifact-root")
                    .contains(option)) {
                throw usage("`" + arguments.get(i) + "` is no option.");
            }
            boolean joined = arguments.get(i).contains("=");
            if (!joined && i + 1 == arguments.size()) throw usage("`" + option + "` needs a value.");
            String value = joined ? arguments.get(i).substring(option.length() + 1) : arguments.get(++i);
            switch (option) {
                case "--home" -> home = Path.of(value);
                case "--host" -> host = value;
                case "--port" -> port = port(value);
                case "--database" -> database = Optional.of(value);
                case "--artifact-root" -> artifacts = Optional.of(value);
                case "--lake" -> lake = Optional.of(value);
                case "--webhook-host" -> webhookHosts.add(value.toLowerCase(Locale.ROOT));
                default -> names.add(value);
            }
        }
        return new ServerOptions(
                        home.toAbsolutePath().normalize(),
                        host,
                        port,
                        auth,
                        insecure,
                        names,
                        webhookHosts,
                        database.map(Place::postgres),
                        artifacts.map(ServerOptions::place),
                        lake.map(Path::of)
                                .orElse(home.resolve("lake"))
                                .toAbsolutePath()
                                .normalize())
                .checked();
    }

    private static int port(String text) {
        if (text.matches("[0-9]{1,5}") && Integer.parseInt(text) <= 65_535) return Integer.parseInt(text);
        throw usage("`--port` must be a number from 0 to 65535, not `" + text + "`.");
    }

    private static URI place(String text) {
        try {
            URI place = new URI(text.replaceFirst("/+$", ""));
            boolean elsewhere = place.getScheme() != null && !place.getScheme().equalsIgnoreCase("file");
            if (elsewhere && place.getPath() != null && place.getPath().length() > 1) return place;
        } catch (URISyntaxException noUri) {
            throw usage("`--artifact-root " + text + "` is no URI: " + noUri.getReason() + ".");
        }
        throw usage("`--artifact-root " + text + "` must name a folder of another file system, as in"
                + " hdfs://namenode:8020/millrace/artifacts. Local files are kept in HOME/registry/artifacts, which may"
                + " be a mount.");
    }

    private ServerOptions checked() {
        if (isLoopback() || auth || insecure) return this;
        throw new MillraceException(
                ErrorKind.CONFIG,
                "`--host " + host + "` would let anyone on the network read and change everything. Ask for tokens"
                        + " with `--auth`, listen on 127.0.0.1, or accept that with `--insecure`.");
    }

    /** Whether only this machine can reach the server. */
    boolean isLoopback() {
        return address().isLoopbackAddress();
    }

    InetAddress address() {
        try {
            return InetAddress.getByName(host);
        } catch (UnknownHostException unknown) {
            throw new MillraceException(
                    ErrorKind.CONFIG, "`--host " + host + "` is no address of this machine.", unknown);
        }
    }

    /** {@code HOME/registry}. */
    Path folder() {
        return home.resolve("registry");
    }

    /** Where the tables are. */
    Place place() {
        return database.<Place>map(postgres -> postgres)
                .orElseGet(() -> new Place.SqliteFile(folder().resolve("registry.db")));
    }

    private static MillraceException usage(String what) {
        return new MillraceException(ErrorKind.USAGE, what + "\n" + USAGE);
    }
}
