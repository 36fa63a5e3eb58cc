package dev.millrace.registry.boot;

import dev.millrace.registry.operations.Backup;
import dev.millrace.registry.operations.Removal;
import dev.millrace.registry.operations.Restore;
import dev.millrace.registry.operations.importing.MlflowImport;
import dev.millrace.registry.platform.error.ErrorKind;
import dev.millrace.registry.platform.error.MillraceException;
import dev.millrace.registry.platform.storage.Attachment;
import dev.millrace.registry.resource.artifacts.ArtifactStore;
import dev.millrace.registry.security.audit.AuditVerification;
import dev.millrace.registry.security.audit.ChainHead;
import java.io.PrintStream;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What the jar does beside serving: {@code backup}, {@code restore}, {@code gc}, {@code audit verify}. */
final class Commands {
    static final Set<String> NAMES = Set.of("backup", "restore", "gc", "import-mlflow", "audit");
    static final String USAGE =
            """
            Commands: java -jar millrace-registry.jar COMMAND [--home DIR] [--database URL]
              backup FOLDER        copy database and artifacts into a new folder; the server may run
              restore FOLDER       make a registry from a backup, in a home without one
              gc [--older-than 30d] [--dry-run]
                                   remove what was deleted longer ago, with its artifacts; the server may run
              import-mlflow SOURCE [--artifacts DIR]
                                   bring over an MLflow server's records, ids kept, into an empty home; SOURCE is its
                                   SQLite file, its postgresql:// URL, or the http:// URL of the running server
              audit verify [--head NUMBER:DIGEST]
                                   check that no row of the audit log was changed, removed or put in another order,
                                   and that it leads through a head that was printed earlier; the server may run""";

    private static final Pattern AGE = Pattern.compile("([0-9]{1,6})([dhms])");

    private final Map<String, String> environment;
    private final PrintStream out;
    private final Clock clock = Clock.systemUTC();

    Commands(Map<String, String> environment, PrintStream out) {
        this.environment = environment;
        this.out = out;
    }

    /**
     * Runs a command to its end.
     *
     * @param arguments its name first
     * @throws MillraceException with the exit code
     */
    void run(List<String> arguments) {
        Arguments given = Arguments.of(arguments.subList(1, arguments.size()));
        ServerOptions options = ServerOptions.parse(given.ofServer(), environment);
        switch (arguments.get(0)) {
            case "backup" -> backup(options, given);
            case "restore" -> restore(options, given);
            case "gc" -> gc(options, given);
            case "import-mlflow" -> importMlflow(options, given);
            case "audit" -> verify(options, given);
            default -> throw new AssertionError(arguments.get(0));
        }
    }

    private void backup(ServerOptions options, Arguments given) {
        Backup.Report made =
                new Backup(options.place(), options.folder(), clock).make(Path.of(given.only("FOLDER")), Version.OURS);
        out.printf(
                Locale.ROOT,
                "backed up to %s: %d rows, %d files, %d bytes of artifacts; read again and compared%n",
                made.target(),
                made.rows(),
                made.files(),
                made.artifactBytes());
        options.artifacts()
                .ifPresent(
                        root -> out.println("not in it: the artifacts at " + root + "; copy them with its own tools"));
    }

    private void restore(ServerOptions options, Arguments given) {
        Path source = Path.of(given.only("FOLDER"));
        HomeLock lock = HomeLock.take(options.folder());
        try {
            Restore.Report made = new Restore(options.place(), options.folder(), clock).from(source);
            out.printf(
                    Locale.ROOT,
                    "restored to %s: %d rows, %d files, each as its digest says%n",
                    options.home(),
                    made.rows(),
                    made.files());
        } finally {
            lock.close();
        }
    }

    private void gc(ServerOptions options, Arguments given) {
        given.none();
        boolean dry = given.has("--dry-run");
        long until = clock.millis() - age(given.value("--older-than", "30d")).toMillis();
        try (Attachment database = Attachment.open(options.place())) {
            Removal.Report report = new Removal(
                            database, ArtifactStore.beside(options.folder(), options.artifacts()), out::println)
                    .run(until, dry);
            out.printf(
                    Locale.ROOT,
                    "%s %d runs, %d logged models, %d experiments; kept %d%n",
                    dry ? "would remove" : "removed",
                    report.runs(),
                    report.loggedModels(),
                    report.experiments(),
                    report.kept());
        }
    }

    private void importMlflow(ServerOptions options, Arguments given) {
        String source = given.only("SOURCE");
        Optional<Path> artifacts = given.has("--artifacts")
                ? Optional.of(Path.of(given.value("--artifacts", "")).toAbsolutePath())
                : Optional.empty();
        if (options.artifacts().isPresent()) {
            throw MillraceException.invalid(
                    "`import-mlflow` brings files into the home: run it without an artifact root,"
                            + " copy HOME/registry/artifacts to "
                            + options.artifacts().get() + ", then start the server with it.");
        }
        HomeLock lock = HomeLock.take(options.folder());
        try {
            MlflowImport.Report made =
                    new MlflowImport(options.place(), options.folder(), clock).from(source, artifacts);
            made.rows().forEach((table, count) -> out.printf(Locale.ROOT, "%10d %s%n", count, table));
            out.printf(Locale.ROOT, "%10d artifact files%n", made.files());
            for (String place : made.notFound()) {
                out.println("not at hand: " + place
                        + "; its records keep pointing there. `--artifacts` names the folder" + " that MLflow serves.");
            }
        } finally {
            lock.close();
        }
    }

    private void verify(ServerOptions options, Arguments given) {
        String word = given.only("`verify`");
        if (!word.equals("verify")) throw Arguments.usage("`audit " + word + "` is not a command. Run `audit verify`.");
        Optional<ChainHead> noted = Optional.of(given.value("--head", ""))
                .filter(text -> !text.isEmpty())
                .map(ChainHead::parse);
        try (Attachment database = Attachment.open(options.place())) {
            AuditVerification.Report report = new AuditVerification(noted).of(database);
            out.printf(
                    Locale.ROOT,
                    "%d rows of the audit log are unchanged and complete%s%n",
                    report.head().entries(),
                    noted.isPresent() ? ", the noted head among them" : "");
            if (report.before() > 0) {
                out.printf(Locale.ROOT, "%d older rows have no digest and are not covered%n", report.before());
            }
            out.println("head " + report.head());
            out.println("Note the head on another machine; check it later with `audit verify --head NUMBER:DIGEST`.");
        }
    }

    static Duration age(String text) {
        Matcher parts = AGE.matcher(text);
        if (!parts.matches()) {
            throw new MillraceException(
                    ErrorKind.USAGE,
                    "`--older-than` must be a number and one of d, h, m, s, like 30d, not `" + text + "`.");
        }
        long number = Long.parseLong(parts.group(1));
        return switch (parts.group(2)) {
            case "d" -> Duration.ofDays(number);
            case "h" -> Duration.ofHours(number);
            case "m" -> Duration.ofMinutes(number);
            default -> Duration.ofSeconds(number);
        };
    }

    /**
     * A command's words, sorted out.
     *
     * @param ofServer options that {@link ServerOptions} reads
     */
    private record Arguments(List<String> words, Map<String, String> options, List<String> ofServer) {
        private static final Set<String> VALUED = Set.of("--older-than", "--artifacts", "--head");
        private static final Set<String> FLAGS = Set.of("--dry-run");

        static Arguments of(List<String> given) {
            List<String> words = new ArrayList<>();
            Map<String, String> options = new java.util.LinkedHashMap<>();
            List<String> ofServer = new ArrayList<>();
            for (int i = 0; i < given.size(); i++) {
                String text = given.get(i);
                String name = text.replaceFirst("=.*", "");
                if (FLAGS.contains(text)) {
                    options.put(text, "");
                } else if (VALUED.contains(name)) {
                    boolean joined = text.contains("=");
                    if (!joined && i + 1 == given.size()) throw usage("`" + name + "` needs a value.");
                    options.put(name, joined ? text.substring(name.length() + 1) : given.get(++i));
                } else if (text.startsWith("-")) {
                    ofServer.add(text);
                    if (!text.contains("=") && i + 1 < given.size()) ofServer.add(given.get(++i));
                } else {
                    words.add(text);
                }
            }
            return new Arguments(words, options, ofServer);
        }

        String only(String what) {
            if (words.size() == 1) return words.get(0);
            throw usage("Give one " + what + ", not " + words.size() + ".");
        }

        void none() {
            if (!words.isEmpty()) throw usage("`" + words.get(0) + "` is one word too many.");
        }

        boolean has(String flag) {
            return options.containsKey(flag);
        }

        String value(String name, String fallback) {
            return options.getOrDefault(name, fallback);
        }

        private static MillraceException usage(String what) {
            return new MillraceException(ErrorKind.USAGE, what + "\n" + Commands.USAGE);
        }
    }
}
