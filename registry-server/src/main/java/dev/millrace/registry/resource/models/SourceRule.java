package dev.millrace.registry.resource.models;

import dev.millrace.registry.platform.error.MillraceException;
import dev.millrace.registry.platform.http.ForeignHosts;
import dev.millrace.registry.platform.http.LocalFolder;
import dev.millrace.registry.platform.http.SafePath;
import java.nio.file.Path;
import java.util.Optional;
import java.util.Set;
import java.util.function.BiFunction;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jdbi.v3.core.Handle;

/**
 * Which sources a model version may have, and where their files are. A source lies within the run or logged model that
 * the request names, is another version, or is in an object store; never on the server's disk, never at a host of the
 * client's choosing.
 */
final class SourceRule {
    private static final Pattern OF_RUN = Pattern.compile("runs:/+([^/]+)(?:/(.*))?");
    private static final Pattern LOGGED = Pattern.compile("models:/+(m-[0-9a-f]{32})");
    private static final Pattern REGISTERED = Pattern.compile("models:/+([^/@]+)(?:/([^/@]+)|@([^/@]+))");
    private static final Pattern SERVED = Pattern.compile("mlflow-artifacts:/+(.*)");
    private static final Pattern URI = Pattern.compile("([A-Za-z][A-Za-z0-9+.-]*):/*(.*)", Pattern.DOTALL);
    private static final Set<String> OBJECT_STORES = Set.of("s3", "gs", "wasb", "wasbs", "dbfs");
    /** What MLflow's clients write as the source of a prompt, which has no files. */
    private static final Set<String> OF_PROMPTS = Set.of("dummy-source", "prompt-template");

    private final ModelSources sources;

    SourceRule(ModelSources sources) {
        this.sources = sources;
    }

    /** Who a version comes from, as the request says. */
    record Claim(String source, String runId, Optional<String> modelId) {}

    /**
     * What a version is made from.
     *
     * @param source as it is kept; an alias or {@code latest} has become a number
     * @param location where the files are
     * @param runId of the version; the claimed one, or the logged model's
     */
    record Place(String source, String location, String runId) {}

    /** @throws MillraceException USAGE for another source than a prompt can have */
    static Place ofPrompt(String source) {
        if (OF_PROMPTS.contains(source)) return new Place(source, source, "");
        throw MillraceException.invalid(
                "Invalid prompt source: '" + source + "'. Prompt sources must use an MLflow placeholder.");
    }

    /**
     * Where the files of a claimed source are.
     *
     * @param ofVersion finds the place of another version, by name and by number, {@code latest} or {@code @alias}
     * @throws MillraceException USAGE when the source is not the claimant's
     */
    Place resolve(Claim claim, BiFunction<String, String, Place> ofVersion) {
        String source = claim.source();
        Matcher logged = LOGGED.matcher(source);
        if (logged.matches()) return ofLogged(claim, logged);
        String runId =
                claim.runId().isEmpty() ? claim.modelId().map(this::runOf).orElse("") : claim.runId();
        Matcher ofRun = OF_RUN.matcher(source);
        if (ofRun.matches()) return new Place(source, ofRun(claim, ofRun), runId);
        Matcher registered = REGISTERED.matcher(source);
        if (registered.matches()) {
            String which = registered.group(2) == null ? "@" + registered.group(3) : registered.group(2);
            Place copied = ofVersion.apply(registered.group(1), which);
            return new Place(copied.source(), copied.location(), runId.isEmpty() ? copied.runId() : runId);
        }
        Matcher served = SERVED.matcher(source);
        if (served.matches()) return new Place(source, within(claim, served.group(1)), runId);
        if (LocalFolder.of(source).isPresent()) return new Place(source, inFolder(claim), runId);
        return new Place(source, objectStore(claim), runId);
    }

    private String runOf(String modelId) {
        return sources.ofLoggedModel(modelId).runId();
    }

    private Place ofLogged(Claim claim, Matcher logged) {
        String modelId = logged.group(1);
        if (!claim.modelId().equals(Optional.of(modelId))) throw notContained(claim, "model_id");
        ModelSources.LoggedSource found = sources.ofLoggedModel(modelId);
        String runId = claim.runId().isEmpty() ? found.runId() : claim.runId();
        return new Place(claim.source(), found.artifactUri(), runId);
    }

    /** As MLflow does, a run is taken by its word: one that is not there has no files, as one may find out later. */
    private String ofRun(Claim claim, Matcher ofRun) {
        if (!ofRun.group(1).equals(claim.runId())) throw notContained(claim, "run_id");
        String path = ofRun.group(2) == null ? "" : direct(claim, ofRun.group(2));
        return sources.findRun(claim.runId())
                .map(root -> path.isEmpty() ? root : root + "/" + path)
                .orElse(claim.source());
    }

    /** Tells the logged model that a version was made of it. */
    void made(Handle tx, String modelId, String name, int version) {
        sources.addVersion(tx, modelId, name, version);
    }

    static boolean isOfRun(String source) {
        return OF_RUN.matcher(source).matches();
    }

    /** A version, by its model's name and its number. */
    record Ref(String name, int number) {}

    /** The version that a source names by its number. */
    static Optional<Ref> original(String source) {
        return Optional.of(REGISTERED.matcher(source))
                .filter(ref ->
                        ref.matches() && ref.group(2) != null && ref.group(2).matches("[0-9]{1,9}"))
                .map(ref -> new Ref(ref.group(1), Integer.parseInt(ref.group(2))));
    }

    private String within(Claim claim, String path) {
        String location = "mlflow-artifacts:/" + direct(claim, path);
        String root = root(claim);
        boolean contained = !root.isEmpty() && (location.equals(root) || location.startsWith(root + "/"));
        if (!contained) throw notContained(claim, "run_id");
        return location;
    }

    /** Where the run or logged model keeps its files in a local folder, its own part of it. */
    private String inFolder(Claim claim) {
        Optional<Path> root = LocalFolder.of(root(claim));
        Path source = LocalFolder.of(claim.source()).orElseThrow();
        if (root.filter(source::startsWith).isEmpty()) throw local(claim);
        return claim.source();
    }

    /** The artifact URI of whom the request names; empty when it names nobody. */
    private String root(Claim claim) {
        if (claim.modelId().isPresent()) {
            return sources.ofLoggedModel(claim.modelId().get()).artifactUri();
        }
        return claim.runId().isEmpty() ? "" : sources.ofRun(claim.runId());
    }

    private static String objectStore(Claim claim) {
        Matcher uri = URI.matcher(claim.source());
        String scheme = uri.matches() ? uri.group(1) : "file";
        ForeignHosts.refuse(scheme, "source");
        if (scheme.equals("file")) throw local(claim);
        if (!OBJECT_STORES.contains(scheme)) throw notContained(claim, "run_id");
        direct(claim, uri.group(2));
        return claim.source();
    }

    /** Refuses what leads elsewhere. */
    private static String direct(Claim claim, String path) {
        String trimmed = path.replaceAll("/+$", "");
        try {
            if (!SafePath.require(trimmed).equals(trimmed)) throw MillraceException.invalid("Invalid path");
            return trimmed;
        } catch (MillraceException indirect) {
            throw new MillraceException(
                    indirect.kind(),
                    "Invalid model version source: '" + claim.source() + "'. If supplying a source as an http, https,"
                            + " local file path, ftp, objectstore, or mlflow-artifacts uri, an absolute path must be"
                            + " provided without relative path references present. Please provide an absolute path.",
                    indirect);
        }
    }

    /** That a local path is not the claimant's. */
    private static MillraceException local(Claim claim) {
        String field = claim.modelId().isPresent() ? "model_id" : "run_id";
        return MillraceException.invalid("Invalid model version source: '" + claim.source()
                + "'. To use a local path as a model version source, the " + field
                + " request parameter has to be specified and the local path has to be contained within the artifact"
                + " directory of the run specified by the " + field + ".");
    }

    private static MillraceException notContained(Claim claim, String field) {
        return MillraceException.invalid("Invalid model version source: '" + claim.source() + "'. The " + field
                + " request parameter must identify the resource that contains the source.");
    }
}
