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
    static final Set<String> COMMON_KEYS = Set.of("job", "seed", "home", "lake", "tracking", "spark");

    /**
     * The keys every job file may have.
     *
     * @param seed the one seed of the run
     * @param home where the lake and the registry live, unless the command line or the environment says otherwise
     */
    public record Common(
            @Doc("the one seed of the run") @Default("42") long seed,
            @Doc("folder or URI of lake and registry") Optional<String> home,
            @Doc("tables by catalog name instead of by folder") Optional<Lake> lake,
            @Doc("where runs are recorded") @Default("{}") TrackingConfig tracking,
            @Doc("session settings of Spark") @Default("{}") SparkConfig spark) {}

    /** {@code lake: {catalog: spark_catalog}}. */
    public record Lake(@Doc("name of the Spark catalog that holds the tables") String catalog) {}

    /**
     * @param required whether a job fails when its run cannot be sent to the server at once
     */
    public record TrackingConfig(
            @Doc("URL of the tracking server") Optional<String> uri,
            @Doc("experiment that the runs belong to") @Default("default") String experiment,
            @Doc("fail when the server cannot be reached") @Default("false") boolean required) {}

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
        Function<String, String> variables = variable -> {
            String given = overrides.parameter(variable);
            return given != null ? given : environment.apply(variable);
        };
        ConfigNode root = new Yaml(name, variables, problems).parse(text);
        if (!(root instanceof ConfigNode.Mapping mapping)) {
            problems.add(root.where(), "", "expects keys and values, found " + root.kind());
            problems.throwIfAny();
            throw new AssertionError("unreachable");
        }
        problems.throwIfAny();
        mapping = overrides.applyTo(mapping, problems);
        String job = jobOf(mapping, expectedJob, problems);
        problems.throwIfAny();

        String sectionKey = job.equals("pipeline") ? "steps" : job;
        requireOneSection(mapping, job, sectionKey, problems);
        Map<String, ConfigNode.Entry> commonEntries = new LinkedHashMap<>(mapping.entries());
        commonEntries.keySet().retainAll(COMMON_KEYS);
        commonEntries.remove("job");
        Optional<Common> common =
                new Binder(problems).bind(new ConfigNode.Mapping(commonEntries, mapping.where()), Common.class, "");
        problems.throwIfAny();
        ConfigNode section = mapping.entries().get(sectionKey).value();
        if (job.equals("pipeline")) {
            section = new ConfigNode.Mapping(Map.of("steps", mapping.entries().get("steps")), mapping.where());
        }
        return new JobFile(name, job, common.orElseThrow(), section);
    }

    /**
     * A step whose section stands in the pipeline file itself.
     *
     * @param name for messages: the pipeline file with the step's name
     * @param pipeline the keys of the pipeline file hold for the step
     */
    public static JobFile ofStep(String name, String job, ConfigNode section, Common pipeline, Overrides overrides) {
        Problems problems = new Problems();
        ConfigNode.Mapping root =
                new ConfigNode.Mapping(Map.of(job, new ConfigNode.Entry(section.where(), section)), section.where());
        ConfigNode.Mapping changed = overrides.applyTo(root, problems);
        problems.throwIfAny();
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
        Optional<T> bound = new Binder(problems).bind(section, type, job.equals("pipeline") ? "" : job);
        problems.throwIfAny();
        return bound.orElseThrow();
    }

    /**
     * What {@link #bind} has to say beside its result: keys that are accepted under an older name.
     *
     * @return one line per warning; empty when the section cannot be bound
     */
    public List<String> warnings(Class<?> type) {
        Problems problems = new Problems();
        new Binder(problems).bind(section, type, job.equals("pipeline") ? "" : job);
        return problems.warnings();
    }

    /** The section as plain values with secrets masked: what is recorded and fingerprinted. */
    public Object effectiveSection() {
        return Secrets.masked(section.plain());
    }

    private static String jobOf(ConfigNode.Mapping mapping, Optional<String> expected, Problems problems) {
        ConfigNode.Entry entry = mapping.entries().get("job");
        if (entry == null) {
            problems.add(mapping.where(), "job", "is missing: the command this file is for, e.g. `job: train`");
            return "";
        }
        String job = String.valueOf(entry.value().plain());
        if (expected.isPresent() && !expected.get().equals(job)) {
            problems.add(
                    entry.where(),
                    "job",
                    "is `" + job + "`, but the command is `" + expected.get() + "`. Run `millrace " + job
                            + " --config …` or give another file");
        }
        return job;
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
            problems.add(mapping.where(), sectionKey, "is missing: the section with the job's own keys");
        }
        problems.throwIfAny();
    }

    /** @throws MillraceException USAGE, always; for commands that need a file */
    public static MillraceException missing(String command) {
        return new MillraceException(
                ErrorKind.USAGE, "`millrace " + command + "` needs a job file: give `--config FILE`.");
    }
}
