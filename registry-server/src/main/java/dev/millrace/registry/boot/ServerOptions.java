package dev.millrace.registry.boot;

import dev.millrace.registry.platform.error.ErrorKind;
import dev.millrace.registry.platform.error.MillraceException;
import dev.millrace.registry.platform.log.LogFormat;
import dev.millrace.registry.platform.settings.Setting;
import dev.millrace.registry.platform.settings.Settings;
import dev.millrace.registry.platform.storage.Place;
import dev.millrace.registry.platform.tls.TlsFiles;
import java.net.InetAddress;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.UnknownHostException;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * What the server was told by options, environment and file ({@link Settings}), valid.
 *
 * @param home folder whose {@code registry} holds database and artifacts
 * @param port 0: any free one
 * @param auth whether everybody has to say who they are, by a token
 * @param insecure whether a network may reach a server without authentication
 * @param behindProxy whether only a proxy reaches it, whose {@code X-Forwarded-Proto} is believed
 * @param names further names under which the server may be addressed
 * @param webhookHosts hosts that webhooks may reach by http and at addresses that are not public; lower case
 * @param database where the tables are; absent: in a file of the home
 * @param artifacts where files are kept, for Hadoop's file systems; absent: in the home
 * @param artifactFolders local folders in which experiments may keep artifacts that clients read and write themselves
 * @param lake folder whose tables are shown; it need not be there yet
 * @param tls certificate and key; absent: HTTP
 * @param logFormat how lines of the log are written
 */
record ServerOptions(
        Path home,
        String host,
        int port,
        boolean auth,
        boolean insecure,
        boolean behindProxy,
        Set<String> names,
        Set<String> webhookHosts,
        Optional<Place.Postgres> database,
        Optional<URI> artifacts,
        List<Path> artifactFolders,
        Path lake,
        Optional<TlsFiles> tls,
        LogFormat logFormat) {

    static final String USAGE =
            """
            Usage: java -jar millrace-registry.jar [options]
              --config FILE        take options from a YAML file: keys are the options' names without the dashes
              --home DIR           where database and artifacts are (default: ./.millrace)
              --host HOST          address to listen on (default: 127.0.0.1)
              --port PORT          port to listen on, 0 for any free one (default: 5000)
              --auth               ask everybody for a token; the first one is in HOME/registry/admin-token
              --insecure           listen on other than loopback without --auth
              --behind-proxy       a proxy with TLS stands before the server: accept its X-Forwarded-Proto
              --database URL       PostgreSQL instead of a file in the home: postgresql://USER:PASSWORD@HOST/DATABASE
              --artifact-root URI  keep files on hdfs://… or another file system that Hadoop knows, instead of in the home
              --artifact-folder DIR  let experiments keep artifacts below this folder of the local disk, where clients read
                                     and write them themselves (repeatable)
              --lake DIR           show the tables DIR/<schema>/<table> (default: HOME/lake)
              --allowed-host NAME  also answer to this name (repeatable)
              --webhook-host HOST  let webhooks reach this host by http and on a private address (repeatable)
              --tls-cert FILE      HTTPS with this certificate and its chain (PEM) and
              --tls-key FILE         its private key (PEM, PKCS#8); renewed files are taken without a restart
              --tls-keystore FILE  or both in one PKCS#12 file; its password: MILLRACE_TLS_PASSWORD, or the config file
              --log-format FORMAT  text (default) or json, a document per line, with one for every request
              --help, --version
            Each is also a variable of the environment: MILLRACE_PORT, MILLRACE_ALLOWED_HOST=a,b, MILLRACE_AUTH=true.
            An option wins over the environment, that over the file.""";

    ServerOptions {
        names = Set.copyOf(names);
        webhookHosts = Set.copyOf(webhookHosts);
        artifactFolders = List.copyOf(artifactFolders);
    }

    static ServerOptions parse(List<String> arguments, Map<String, String> environment) {
        if (arguments.stream().anyMatch(argument -> argument.startsWith("--" + Setting.TLS_PASSWORD.word()))) {
            throw usage("Other users of this machine can read a command line: give the password by `"
                    + Setting.TLS_PASSWORD.variable() + "` or `" + Setting.TLS_PASSWORD.word()
                    + "` in the config file.");
        }
        return of(Settings.of(arguments, environment)).checked();
    }

    private static ServerOptions of(Settings settings) {
        Path home = Path.of(settings.text(Setting.HOME).orElse(".millrace"))
                .toAbsolutePath()
                .normalize();
        return new ServerOptions(
                home,
                settings.text(Setting.HOST).orElse("127.0.0.1"),
                port(settings),
                settings.flag(Setting.AUTH),
                settings.flag(Setting.INSECURE),
                settings.flag(Setting.BEHIND_PROXY),
                settings.list(Setting.ALLOWED_HOST),
                settings.list(Setting.WEBHOOK_HOST).stream()
                        .map(host -> host.toLowerCase(Locale.ROOT))
                        .collect(Collectors.toSet()),
                settings.text(Setting.DATABASE).map(Place::postgres),
                settings.text(Setting.ARTIFACT_ROOT).map(text -> place(settings, text)),
                settings.list(Setting.ARTIFACT_FOLDER).stream()
                        .map(text -> folder(settings, text))
                        .toList(),
                settings.text(Setting.LAKE)
                        .map(Path::of)
                        .orElse(home.resolve("lake"))
                        .toAbsolutePath()
                        .normalize(),
                tls(settings),
                logFormat(settings));
    }

    private static Path folder(Settings settings, String text) {
        Path folder = Path.of(text);
        if (folder.isAbsolute() && folder.equals(folder.normalize()) && folder.getNameCount() > 0) return folder;
        throw usage(
                settings.told(Setting.ARTIFACT_FOLDER) + " must be the absolute path of a folder, not `" + text + "`.");
    }

    private static int port(Settings settings) {
        String text = settings.text(Setting.PORT).orElse("5000");
        if (text.matches("[0-9]{1,5}") && Integer.parseInt(text) <= 65_535) return Integer.parseInt(text);
        throw usage(settings.told(Setting.PORT) + " must be a number from 0 to 65535, not `" + text + "`.");
    }

    private static Optional<TlsFiles> tls(Settings settings) {
        Optional<Path> certificate = settings.text(Setting.TLS_CERT).map(Path::of);
        Optional<Path> key = settings.text(Setting.TLS_KEY).map(Path::of);
        Optional<Path> store = settings.text(Setting.TLS_KEYSTORE).map(Path::of);
        if (store.isPresent() && (certificate.isPresent() || key.isPresent())) {
            throw usage("Give `tls-keystore`, or `tls-cert` and `tls-key`, not both.");
        }
        if (certificate.isPresent() != key.isPresent()) {
            throw usage("`tls-cert` and `tls-key` go together; " + (key.isPresent() ? "the first" : "the second")
                    + " is missing.");
        }
        if (store.isPresent()) {
            String password = settings.text(Setting.TLS_PASSWORD).orElse("");
            return Optional.of(new TlsFiles.Pkcs12(store.get(), password));
        }
        return certificate.map(file -> new TlsFiles.Pem(file, key.orElseThrow()));
    }

    private static LogFormat logFormat(Settings settings) {
        String text = settings.text(Setting.LOG_FORMAT).orElse("text");
        return LogFormat.of(text)
                .orElseThrow(
                        () -> usage(settings.told(Setting.LOG_FORMAT) + " must be text or json, not `" + text + "`."));
    }

    private static URI place(Settings settings, String text) {
        String told = settings.told(Setting.ARTIFACT_ROOT);
        try {
            URI place = new URI(text.replaceFirst("/+$", ""));
            boolean elsewhere = place.getScheme() != null && !place.getScheme().equalsIgnoreCase("file");
            if (elsewhere && place.getPath() != null && place.getPath().length() > 1) return place;
        } catch (URISyntaxException noUri) {
            throw usage(told + " is no URI: '" + text + "': " + noUri.getReason() + ".");
        }
        throw usage(told + " must name a folder of another file system, not '" + text + "', as in"
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
        return new MillraceException(ErrorKind.USAGE, what + "\nSee `--help`.");
    }
}
