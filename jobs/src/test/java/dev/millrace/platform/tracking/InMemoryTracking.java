package dev.millrace.platform.tracking;

import dev.millrace.platform.error.ErrorKind;
import dev.millrace.platform.error.MillraceException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A registry and its runs in memory, with artifacts in a folder: what a server does, without one. Thread-safe. */
public final class InMemoryTracking implements ModelRegistry {
    private static final Pattern REGISTERED = Pattern.compile("models:/([^/@]+)(?:/([0-9]+)|@(.+))");
    private static final Pattern OF_RUN = Pattern.compile("runs:/([^/]+)/(.+)");

    private boolean failAtAlias;
    private String failAtParam = "";
    private final Path artifacts;
    private final Map<String, MemoryRun> runs = Collections.synchronizedMap(new LinkedHashMap<>());
    private final Map<String, Map<Integer, ModelVersion>> models = new LinkedHashMap<>();
    private int ids;

    public InMemoryTracking(Path artifacts) {
        this.artifacts = artifacts;
    }

    /** Begins a run with tags. */
    public synchronized Run start(String name, Map<String, String> tags) {
        MemoryRun run = new MemoryRun(String.format("%032x", ++ids), name, new LinkedHashMap<>(tags));
        runs.put(run.id, run);
        return run;
    }

    public Path artifacts(String runId) {
        return artifacts.resolve(runId);
    }

    public List<String> children(String runId) {
        return runs.values().stream()
                .filter(run -> runId.equals(run.tags.get("mlflow.parentRunId")))
                .map(MemoryRun::id)
                .toList();
    }

    private final class MemoryRun implements Run {
        private final String id;
        private final String name;
        private final Map<String, String> tags;
        private final Map<String, String> params = new LinkedHashMap<>();
        private final Map<String, Double> metrics = new LinkedHashMap<>();
        private final List<String> inputs = new ArrayList<>();
        private String status = "RUNNING";

        MemoryRun(String id, String name, Map<String, String> tags) {
            this.id = id;
            this.name = name;
            this.tags = tags;
        }

        @Override
        public String id() {
            return id;
        }

        @Override
        public synchronized void param(String key, Object value) {
            String text = String.valueOf(value);
            if (failAtParam.equals(key + "=" + text)) {
                while (children(tags.get("mlflow.parentRunId")).size() < 2) Thread.onSpinWait();
                throw new IllegalStateException(failAtParam + " cannot be recorded");
            }
            String before = params.putIfAbsent(key, text);
            if (before != null && !before.equals(text)) {
                throw new IllegalStateException("MLflow refuses to change param " + key + " to " + text);
            }
        }

        @Override
        public void metric(String key, double value) {
            metric(key, value, 0);
        }

        @Override
        public synchronized void metric(String key, double value, long step) {
            metrics.put(key, value);
        }

        @Override
        public synchronized void tag(String key, String value) {
            tags.put(key, value);
        }

        @Override
        public synchronized void dataset(
                String name, String digest, String sourceType, String source, String schema, String context) {
            if (context.equals("input")) inputs.add(name + " " + digest);
        }

        @Override
        public void artifact(Path file, String directory) {
            keep(file, directory.isEmpty() ? file.getFileName().toString() : directory + "/" + file.getFileName());
        }

        private void keep(Path file, String path) {
            try {
                Path target = artifacts(id).resolve(path);
                Files.createDirectories(target.getParent());
                Files.copy(file, target, StandardCopyOption.REPLACE_EXISTING);
            } catch (IOException failed) {
                throw new UncheckedIOException(failed);
            }
        }

        @Override
        public void artifactText(String path, String text) {
            try {
                Path target = artifacts(id).resolve(path);
                Files.createDirectories(target.getParent());
                Files.writeString(target, text);
            } catch (IOException failed) {
                throw new UncheckedIOException(failed);
            }
        }

        @Override
        public void artifactDirectory(Path folder, String path) {
            try (var below = Files.walk(folder)) {
                below.filter(Files::isRegularFile).forEach(file -> keep(file, path + "/" + folder.relativize(file)));
            } catch (IOException failed) {
                throw new UncheckedIOException(failed);
            }
        }

        @Override
        public void drift(String model, String version, long windowStartMillis, String json) {
            artifactText("drift/" + model + "-" + version + "-" + windowStartMillis + ".json", json);
        }

        @Override
        public Run child(String childName) {
            Map<String, String> inherited = new LinkedHashMap<>(tags);
            inherited.put("mlflow.parentRunId", id);
            return start(childName, inherited);
        }

        @Override
        public synchronized void end(RunStatus ended) {
            if (status.equals("RUNNING")) status = ended.name();
        }
    }

    /** The next alias is not set: as if the process were killed before it. */
    public synchronized void failAtNextAlias() {
        failAtAlias = true;
    }

    /** A child run that records this param fails, once it has a sibling. */
    public synchronized void failAtParam(String key, String value) {
        failAtParam = key + "=" + value;
    }

    @Override
    public synchronized ResolvedModel resolve(String uri) {
        Matcher registered = REGISTERED.matcher(uri);
        if (registered.matches()) {
            ModelVersion version = registered.group(2) != null
                    ? version(registered.group(1), Integer.parseInt(registered.group(2)))
                    : byAlias(registered.group(1), registered.group(3)).orElseThrow(() -> unusable(uri));
            return new ResolvedModel(
                    uri, Optional.of(version), Optional.of(version.runId()), Optional.of("model"), Optional.empty());
        }
        Matcher ofRun = OF_RUN.matcher(uri);
        if (ofRun.matches()) {
            run(ofRun.group(1));
            return new ResolvedModel(
                    uri, Optional.empty(), Optional.of(ofRun.group(1)), Optional.of(ofRun.group(2)), Optional.empty());
        }
        if (Files.isRegularFile(Path.of(uri).resolve("MLmodel"))) return ResolvedModel.ofFolder(uri, Path.of(uri));
        throw unusable(uri);
    }

    private static MillraceException unusable(String uri) {
        return new MillraceException(ErrorKind.MODEL_UNUSABLE, "`" + uri + "` is not a model URI.");
    }

    @Override
    public Path download(ResolvedModel model) {
        if (model.folder().isPresent())
            return ModelStore.verified(model.folder().get());
        Path folder = artifacts(model.runId().orElseThrow())
                .resolve(model.artifactPath().orElseThrow());
        if (!Files.isDirectory(folder)) throw unusable(model.uri());
        return ModelStore.verified(folder);
    }

    @Override
    public synchronized ModelVersion createVersion(
            String model, String runId, String source, String description, Map<String, String> tags) {
        Map<Integer, ModelVersion> versions = models.computeIfAbsent(model, unseen -> new LinkedHashMap<>());
        ModelVersion made = new ModelVersion(model, versions.size() + 1, runId, source, List.of(), tags);
        versions.put(made.version(), made);
        return made;
    }

    @Override
    public synchronized Optional<ModelVersion> byAlias(String model, String alias) {
        return versions(model).stream()
                .filter(version -> version.aliases().contains(alias))
                .findFirst();
    }

    @Override
    public synchronized ModelVersion version(String model, int version) {
        return versions(model).stream()
                .filter(known -> known.version() == version)
                .findFirst()
                .orElseThrow(() -> unusable("models:/" + model + "/" + version));
    }

    @Override
    public synchronized List<ModelVersion> versions(String model) {
        List<ModelVersion> versions =
                new ArrayList<>(models.getOrDefault(model, Map.of()).values());
        versions.sort(Comparator.comparingInt(ModelVersion::version).reversed());
        return versions;
    }

    @Override
    public synchronized void setAlias(String model, String alias, int version) {
        if (failAtAlias) {
            failAtAlias = false;
            throw new IllegalStateException("killed");
        }
        models.get(model).replaceAll((number, known) -> {
            List<String> aliases = new ArrayList<>(known.aliases());
            aliases.remove(alias);
            if (number == version) aliases.add(alias);
            return new ModelVersion(model, number, known.runId(), known.source(), aliases, known.tags());
        });
    }

    @Override
    public synchronized void removeAlias(String model, String alias) {
        models.get(model).replaceAll((number, known) -> {
            List<String> aliases = new ArrayList<>(known.aliases());
            aliases.remove(alias);
            return new ModelVersion(model, number, known.runId(), known.source(), aliases, known.tags());
        });
    }

    @Override
    public synchronized void setVersionTag(String model, int version, String key, String value) {
        models.get(model).computeIfPresent(version, (number, known) -> {
            Map<String, String> tags = new LinkedHashMap<>(known.tags());
            tags.put(key, value);
            return new ModelVersion(model, number, known.runId(), known.source(), known.aliases(), tags);
        });
    }

    @Override
    public RunData run(String runId) {
        MemoryRun run = runs.get(runId);
        if (run == null) throw new MillraceException(ErrorKind.NOT_FOUND, "No run `" + runId + "`.");
        return data(run);
    }

    private static RunData data(MemoryRun run) {
        synchronized (run) {
            return new RunData(
                    run.id,
                    run.name,
                    "1",
                    run.status,
                    Long.parseLong(run.id, 16),
                    Map.copyOf(run.params),
                    Map.copyOf(run.metrics),
                    Map.copyOf(run.tags),
                    List.copyOf(run.inputs));
        }
    }

    /** Knows filters of the form {@code tags.`key` = 'value'} and {@code attributes.status = 'X'}, joined by AND. */
    @Override
    public List<RunData> searchRuns(String experiment, String filter, int limit) {
        List<RunData> found = new ArrayList<>();
        synchronized (runs) {
            runs.values().forEach(run -> found.add(data(run)));
        }
        for (String condition : List.of(Pattern.compile("(?i) AND ").split(filter, -1))) {
            Matcher tag = Pattern.compile("tags\\.`?([^`=]+?)`? = '(.*)'").matcher(condition.trim());
            Matcher status = Pattern.compile("attributes\\.status = '(.*)'").matcher(condition.trim());
            if (tag.matches())
                found.removeIf(run -> !tag.group(2).equals(run.tags().get(tag.group(1))));
            else if (status.matches()) found.removeIf(run -> !run.status().equals(status.group(1)));
            else throw new IllegalArgumentException(condition);
        }
        Collections.reverse(found);
        return found.subList(0, Math.min(limit, found.size()));
    }
}
