package dev.millrace.platform.config;

import dev.millrace.platform.error.ErrorKind;
import dev.millrace.platform.error.MillraceException;
import dev.millrace.platform.error.Nearest;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;

/**
 * A job file that was read but whose own section is not bound yet.
 *
 * @param name how the user named the file
 * @param job the value of {@code job}
 * @param common the keys every job has
 * @param section the job's own section (for a pipeline: the mapping with {@code steps})
 */
public record JobFile(String name, String job, Common common, ConfigNode section) {
    static final Set<String> COMMON_KEYS = Set.of("job", "seed", "home", "single-writer", "lake", "tracking", "spark");

    /**
     * The keys every job file may have.
     *
     * @param seed the one seed of the run
     * @param home where the lake and the registry live, unless the command line or the environment says otherwise
     */
    public record Common(
            @Doc("seed of the run") @Default("42") long seed,
            @Doc("home directory, a folder or URI") Optional<String> home,
            @Doc("no other job writes to the home directory at the same time; S3 without a LogStore that coordinates"
                            + " writers requires it")
                    @Default("false")
                    boolean singleWriter,
            @Doc("access tables by catalog name instead of by folder") Optional<Lake> lake,
            @Doc("where runs are recorded") @Default("{}") TrackingConfig tracking,
            @Doc("Spark settings of the session") @Default("{}") SparkConfig spark) {}

    /** {@code lake: {catalog: spark_catalog}}. */
    public record Lake(@Doc("name of the Spark catalog that holds the tables") String catalog) {}

    /**
     * @param required whether a job fails when its run cannot be sent to the server at once
     */
    public record TrackingConfig(
            @Doc("URL of the tracking server") Optional<String> uri,
            @Doc("experiment that the runs belong to") @Default("default") String experiment,
            @Doc("fail if the server does not respond") @Default("false") boolean required) {}

    /** {@code spark: {conf: {…}}}. */
    public record SparkConfig(@Doc("session-level settings") Map<String, Object> conf) {}

    /**
     * Reads a job file.
     *
     * @param name how the user named it
     * @param text its contents
     * @param expectedJob the command given, when it must equal the file's {@code job}
     * @param environment gives the value of an environment variable, or null
     * @throws MillraceException CONFIG with every problem found
     */
    public static JobFile read(
            String name,
            String text,
            Optional<String> expectedJob,
            Overrides overrides,
            Function<String, String> environment) {
        Problems problems = new Problems();
        Optional<JobFile> file = read(name, text, expectedJob, overrides, environment, problems);
        problems.throwIfAny();
        return file.orElseThrow();
    }

    /**
     * Reads a job file and collects what is wrong with it, so that {@link #bind(Class, Problems)} can add what is wrong
     * with its section.
     *
     * @return empty when there is no section to look at; the problems then say why. When there are problems, what is
     *     returned is for finding more of them only
     */
    public static Optional<JobFile> read(
            String name,
            String text,
            Optional<String> expectedJob,
            Overrides overrides,
            Function<String, String> environment,
            Problems problems) {
        Function<String, String> variables = variable -> {
            String given = overrides.parameter(variable);
            return given != null ? given : environment.apply(variable);
        };
        ConfigNode root = new Yaml(name, variables, problems).parse(text);
        if (!(root instanceof ConfigNode.Mapping mapping)) {
            problems.add(root.where(), "", "expects keys and values, found " + root.kind());
            return Optional.empty();
        }
        if (mapping.entries().isEmpty() && !problems.isEmpty()) return Optional.empty(); // not YAML at all
        mapping = overrides.applyTo(mapping, problems);
        Optional<String> job = jobOf(mapping, expectedJob, problems);
        if (job.isEmpty()) return Optional.empty();

        String sectionKey = job.get().equals("pipeline") ? "steps" : job.get();
        requireOneSection(mapping, job.get(), sectionKey, problems);
        Map<String, ConfigNode.Entry> commonEntries = new LinkedHashMap<>(mapping.entries());
        commonEntries.keySet().retainAll(COMMON_KEYS);
        commonEntries.remove("job");
        Common common = new Binder(problems)
                .bind(new ConfigNode.Mapping(commonEntries, mapping.where()), Common.class, "")
                .orElseGet(() -> byDefault(root.where()));
        ConfigNode.Entry entry = mapping.entries().get(sectionKey);
        if (entry == null) return Optional.empty();
        ConfigNode section = sectionKey.equals("steps")
                ? new ConfigNode.Mapping(Map.of("steps", entry), mapping.where())
                : entry.value();
        return Optional.of(new JobFile(name, job.get(), common, section));
    }

    private static Common byDefault(Where where) {
        return new Binder(new Problems())
                .bind(new ConfigNode.Mapping(Map.of(), where), Common.class, "")
                .orElseThrow();
    }

    /**
     * A step whose section stands in the pipeline file itself.
     *
     * @param name for messages: the pipeline file with the step's name
     * @param pipeline the keys of the pipeline file hold for the step
     */
    public static JobFile ofStep(
            String name, String job, ConfigNode section, Common pipeline, Overrides overrides, Problems problems) {
        ConfigNode.Mapping root =
                new ConfigNode.Mapping(Map.of(job, new ConfigNode.Entry(section.where(), section)), section.where());
        ConfigNode.Mapping changed = overrides.applyTo(root, problems);
        return new JobFile(name, job, pipeline, changed.entries().get(job).value());
    }

    /** The same section under the keys of a pipeline, which hold for all its steps. */
    public JobFile under(Common pipeline) {
        return new JobFile(name, job, pipeline, section);
    }

    /**
     * Binds the section.
     *
     * @throws MillraceException CONFIG with every problem found
     */
    public <T> T bind(Class<T> type) {
        Problems problems = new Problems();
        Optional<T> bound = bind(type, problems);
        problems.throwIfAny();
        return bound.orElseThrow();
    }

    /** Binds the section and collects what is wrong with it; empty when something is. */
    public <T> Optional<T> bind(Class<T> type, Problems problems) {
        return new Binder(problems).bind(section, type, job.equals("pipeline") ? "" : job);
    }

    /** The section as plain values with secrets masked: what is recorded and fingerprinted. */
    public Object effectiveSection() {
        return Secrets.masked(section.plain());
    }

    private static Optional<String> jobOf(ConfigNode.Mapping mapping, Optional<String> expected, Problems problems) {
        ConfigNode.Entry entry = mapping.entries().get("job");
        if (entry == null) {
            problems.add(
                    mapping.where(), "job", "is missing: set it to the command of this file, for example `job: train`");
            return Optional.empty();
        }
        if (entry.value() instanceof ConfigNode.Unknown) return Optional.empty();
        String job = String.valueOf(entry.value().plain());
        if (expected.isPresent() && !expected.get().equals(job)) {
            problems.add(
                    entry.where(),
                    "job",
                    "is `" + job + "`, but the command is `" + expected.get() + "`. Run `millrace " + job
                            + " --config …` or use a different file");
        }
        return Optional.of(job);
    }

    private static void requireOneSection(
            ConfigNode.Mapping mapping, String job, String sectionKey, Problems problems) {
        List<String> known = new ArrayList<>(COMMON_KEYS.stream().sorted().toList());
        known.add(sectionKey);
        mapping.entries().forEach((key, entry) -> {
            if (!known.contains(key)) {
                problems.add(
                        entry.where(),
                        key,
                        "is not a key of a `" + job + "` file." + Nearest.hint(key, known) + " Known keys: "
                                + String.join(", ", known) + ".");
            }
        });
        if (!mapping.entries().containsKey(sectionKey)) {
            problems.add(mapping.where(), sectionKey, "is missing: add the section with the keys of the job");
        }
    }

    /** @throws MillraceException USAGE, always; for commands that need a file */
    public static MillraceException missing(String command) {
        return new MillraceException(
                ErrorKind.USAGE, "`millrace " + command + "` requires a job file: set `--config FILE`.");
    }
}
