package dev.millrace.registry.resource.artifacts;

import com.fasterxml.jackson.databind.JsonNode;
import dev.millrace.registry.platform.error.MillraceException;
import dev.millrace.registry.platform.http.StrictJson;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The input columns in the {@code MLmodel} files of model versions. MLflow and Millrace write the signature's inputs as
 * JSON in one line; a file in another form counts as unsigned. What was read is kept, since a version's files do not change.
 */
public final class Signatures {
    private static final long MOST_BYTES = 4L << 20;
    private static final int KEPT = 500;
    private static final String INPUTS = "  inputs: ";

    private final ArtifactStore store;
    private final Map<String, Optional<Set<String>>> known = new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Optional<Set<String>>> eldest) {
            return size() > KEPT;
        }
    };

    public Signatures(ArtifactStore store) {
        this.store = store;
    }

    /**
     * @param location {@code mlflow-artifacts:/…} of the model's folder
     * @return absent without a signature, or when the files are elsewhere or gone
     */
    public Optional<Set<String>> inputs(String location) {
        synchronized (known) {
            if (known.containsKey(location)) return known.get(location);
        }
        Optional<Set<String>> read;
        try {
            read = store.find(ArtifactRoots.below(location, "MLmodel"))
                    .filter(file -> file.size() <= MOST_BYTES)
                    .flatMap(Signatures::read);
        } catch (MillraceException elsewhere) {
            read = Optional.empty();
        }
        if (read.isPresent()) {
            synchronized (known) {
                known.put(location, read);
            }
        }
        return read;
    }

    private static Optional<Set<String>> read(StoredFile file) {
        try (InputStream in = file.open();
                BufferedReader lines = new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8))) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                if (line.startsWith(INPUTS))
                    return names(line.substring(INPUTS.length()).strip());
            }
        } catch (IOException gone) {
            return Optional.empty();
        }
        return Optional.empty();
    }

    /** Single quotes of YAML are doubled inside. */
    private static Optional<Set<String>> names(String quoted) {
        if (!quoted.startsWith("'[") || !quoted.endsWith("]'")) return Optional.empty();
        try {
            Set<String> names = new LinkedHashSet<>();
            for (JsonNode column :
                    StrictJson.tree(quoted.substring(1, quoted.length() - 1).replace("''", "'"))) {
                names.add(column.path("name").asText());
            }
            return Optional.of(names);
        } catch (MillraceException notJson) {
            return Optional.empty();
        }
    }
}
