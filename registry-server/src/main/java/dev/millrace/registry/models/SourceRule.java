package dev.millrace.registry.models;

import dev.millrace.registry.error.MillraceException;
import dev.millrace.registry.http.SafePath;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Which sources a model version may have, and where their files are. A source lies within the run or logged model that
 * the request names, is another version, or is in an object store; never on the server's disk, never at a host of the
 * client's choosing.
 */
final class SourceRule {
    private static final Pattern OF_RUN = Pattern.compile("runs:/+([^/]+)(?:/(.*))?");
    private static final Pattern LOGGED = Pattern.compile("models:/+(m-[0-9a-f]{32})(?:/(.*))?");
    private static final Pattern REGISTERED = Pattern.compile("models:/+([^/@]+)(?:/([^/@]+)|@([^/@]+))");
    private static final Pattern SERVED = Pattern.compile("mlflow-artifacts:/+(.*)");
    private static final Set<String> OBJECT_STORES = Set.of("s3", "gs", "wasb", "wasbs", "dbfs");

    private final ModelSources sources;

    SourceRule(ModelSources sources) {
        this.sources = sources;
    }

    /** Who a version comes from, as the request says. */
    record Claim(String source, String runId, Optional<String> modelId) {}

    /** @param runId of the version; the claimed one, or the logged model's */
    record Place(String location, String runId) {}

    /**
     * @param ofVersion finds the place of another version, by name and version or {@code @alias}
     * @throws MillraceException USAGE when the source is not the claimant's
     */
    Place resolve(Claim claim, Function<String[], Place> ofVersion) {
        String source = claim.source();
        Matcher logged = LOGGED.matcher(source);
        if (logged.matches()) return ofLogged(claim, logged);
        String runId =
                claim.runId().isEmpty() ? claim.modelId().map(this::runOf).orElse("") : claim.runId();
        Matcher ofRun = OF_RUN.matcher(source);
        if (ofRun.matches()) return new Place(ofRun(claim, ofRun), runId);
        Matcher registered = REGISTERED.matcher(source);
        if (registered.matches()) {
            String which = registered.group(2) == null ? "@" + registered.group(3) : registered.group(2);
            Place copied = ofVersion.apply(new String[] {registered.group(1), which});
            return new Place(copied.location(), runId.isEmpty() ? copied.runId() : runId);
        }
        Matcher served = SERVED.matcher(source);
        if (served.matches()) return new Place(within(claim, served.group(1)), runId);
        return new Place(objectStore(claim), runId);
    }

    private String runOf(String modelId) {
        return sources.ofLoggedModel(modelId).runId();
    }

    private Place ofLogged(Claim claim, Matcher logged) {
        String modelId = logged.group(1);
        if (!claim.modelId().equals(Optional.of(modelId))) throw notContained(claim, "model_id");
        ModelSources.LoggedSource found = sources.ofLoggedModel(modelId);
        String runId = claim.runId().isEmpty() ? found.runId() : claim.runId();
        return new Place(below(found.artifactUri(), logged.group(2)), runId);
    }

    private String ofRun(Claim claim, Matcher ofRun) {
        if (!ofRun.group(1).equals(claim.runId())) throw notContained(claim, "run_id");
        return below(sources.ofRun(claim.runId()), ofRun.group(2));
    }

    private static String below(String root, String path) {
        if (path == null || path.isEmpty()) return root;
        return root + "/" + SafePath.require(path.replaceAll("/+$", ""));
    }

    private String within(Claim claim, String path) {
        SafePath.require(path.replaceAll("/+$", ""));
        String location = "mlflow-artifacts:/" + path;
        String root = claim.modelId().isPresent()
                ? sources.ofLoggedModel(claim.modelId().get()).artifactUri()
                : claim.runId().isEmpty() ? "" : sources.ofRun(claim.runId());
        boolean contained = !root.isEmpty() && (location.equals(root) || location.startsWith(root + "/"));
        if (!contained) throw notContained(claim, "run_id");
        return location;
    }

    private static String objectStore(Claim claim) {
        Matcher uri = Pattern.compile("([A-Za-z][A-Za-z0-9+.-]*):/*(.*)").matcher(claim.source());
        if (!uri.matches() || !OBJECT_STORES.contains(uri.group(1))) throw notContained(claim, "run_id");
        SafePath.require(uri.group(2).replaceAll("/+$", ""));
        return claim.source();
    }

    private static MillraceException notContained(Claim claim, String field) {
        return MillraceException.invalid("Invalid model version source: '" + claim.source() + "'. The " + field
                + " request parameter must identify the resource that contains the source.");
    }
}
