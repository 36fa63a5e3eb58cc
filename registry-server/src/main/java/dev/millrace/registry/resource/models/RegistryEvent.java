package dev.millrace.registry.resource.models;

import dev.millrace.registry.platform.storage.Tag;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Something that happened to a model, as MLflow tells it to webhooks ({@code mlflow/webhooks/types.py}). Prompts are
 * models with a tag, and have events of their own.
 *
 * @param entity {@code registered_model}, {@code model_version_tag} and so on
 * @param action {@code created}, {@code set}, {@code deleted}
 * @param data what is told about it; values may be null
 */
public record RegistryEvent(String entity, String action, Map<String, Object> data) {
    static final String PROMPT = "mlflow.prompt.is_prompt";
    private static final String PROMPT_TEXT = "mlflow.prompt.text";
    private static final Set<String> OF_PROMPTS = Set.of(PROMPT, "_mlflow_prompt_type", PROMPT_TEXT);

    static boolean isPrompt(Collection<Tag> tags) {
        return tags.stream()
                .filter(tag -> tag.key().equals(PROMPT))
                .reduce((first, last) -> last)
                .filter(tag -> tag.value().equalsIgnoreCase("true"))
                .isPresent();
    }

    static RegistryEvent modelCreated(String name, String description, Collection<Tag> tags) {
        boolean prompt = isPrompt(tags);
        Map<String, Object> data = new LinkedHashMap<>();
        data.put("name", name);
        data.put("tags", texts(tags, prompt));
        data.put("description", description);
        return new RegistryEvent(prompt ? "prompt" : "registered_model", "created", data);
    }

    static RegistryEvent versionCreated(ModelVersionService.NewVersion made, String version) {
        boolean prompt = isPrompt(made.tags());
        Map<String, Object> data = new LinkedHashMap<>();
        data.put("name", made.name());
        data.put("version", version);
        if (prompt) {
            data.put("template", textOf(made.tags()).orElse(null));
        } else {
            data.put("source", made.source());
            data.put("run_id", nonEmpty(made.runId()));
        }
        data.put("tags", texts(made.tags(), prompt));
        data.put("description", nonEmpty(made.description()));
        return new RegistryEvent(prompt ? "prompt_version" : "model_version", "created", data);
    }

    static RegistryEvent promptTagSet(String name, Tag tag) {
        return new RegistryEvent("prompt_tag", "set", ordered("name", name, "key", tag.key(), "value", tag.value()));
    }

    static RegistryEvent promptTagDeleted(String name, String key) {
        return new RegistryEvent("prompt_tag", "deleted", ordered("name", name, "key", key));
    }

    static RegistryEvent versionTagSet(boolean prompt, String name, String version, Tag tag) {
        return new RegistryEvent(
                prompt ? "prompt_version_tag" : "model_version_tag",
                "set",
                ordered("name", name, "version", version, "key", tag.key(), "value", tag.value()));
    }

    static RegistryEvent versionTagDeleted(boolean prompt, String name, String version, String key) {
        return new RegistryEvent(
                prompt ? "prompt_version_tag" : "model_version_tag",
                "deleted",
                ordered("name", name, "version", version, "key", key));
    }

    static RegistryEvent aliasSet(boolean prompt, String name, String alias, String version) {
        return new RegistryEvent(
                prompt ? "prompt_alias" : "model_version_alias",
                "created",
                ordered("name", name, "alias", alias, "version", version));
    }

    static RegistryEvent aliasDeleted(boolean prompt, String name, String alias) {
        return new RegistryEvent(
                prompt ? "prompt_alias" : "model_version_alias", "deleted", ordered("name", name, "alias", alias));
    }

    private static Map<String, Object> texts(Collection<Tag> tags, boolean prompt) {
        Map<String, Object> texts = new LinkedHashMap<>();
        for (Tag tag : tags) {
            if (!prompt || !OF_PROMPTS.contains(tag.key())) texts.put(tag.key(), tag.value());
        }
        return texts;
    }

    private static Optional<String> textOf(Collection<Tag> tags) {
        return tags.stream()
                .filter(tag -> tag.key().equals(PROMPT_TEXT))
                .reduce((first, last) -> last)
                .map(Tag::value);
    }

    private static String nonEmpty(String text) {
        return text.isEmpty() ? null : text;
    }

    private static Map<String, Object> ordered(String... pairs) {
        Map<String, Object> map = new LinkedHashMap<>();
        for (int i = 0; i < pairs.length; i += 2) map.put(pairs[i], pairs[i + 1]);
        return map;
    }
}
