package dev.millrace.registry.outbound.webhooks;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What a test of a webhook tells: MLflow's example of each event ({@code mlflow/webhooks/types.py}). */
final class Examples {
    private static final Map<String, Object> TAGS = Map.of("example_key", "example_value");

    private Examples() {}

    static Map<String, Object> of(EventKind event) {
        boolean prompt = event.entity().startsWith("PROMPT");
        String name = prompt ? "example_prompt" : "example_model";
        return switch (event.entity()) {
            case "REGISTERED_MODEL" -> created(name, "An example registered model");
            case "PROMPT" -> created(name, "An example prompt");
            case "MODEL_VERSION" ->
                ordered(
                        "name",
                        name,
                        "version",
                        "1",
                        "source",
                        "models:/123",
                        "run_id",
                        "abcd1234abcd5678",
                        "tags",
                        TAGS,
                        "description",
                        "An example model version");
            case "PROMPT_VERSION" ->
                ordered(
                        "name",
                        name,
                        "version",
                        "1",
                        "template",
                        "Hello {{name}}!",
                        "tags",
                        TAGS,
                        "description",
                        "An example prompt version");
            case "PROMPT_TAG" -> tag(event, ordered("name", name));
            case "MODEL_VERSION_TAG", "PROMPT_VERSION_TAG" -> tag(event, ordered("name", name, "version", "1"));
            case "MODEL_VERSION_ALIAS", "PROMPT_ALIAS" ->
                event.action().equals("CREATED")
                        ? ordered("name", name, "alias", "example_alias", "version", "1")
                        : ordered("name", name, "alias", "example_alias");
            case "BUDGET_POLICY" -> budget();
            default -> throw new AssertionError(event);
        };
    }

    private static Map<String, Object> created(String name, String description) {
        return ordered("name", name, "tags", TAGS, "description", description);
    }

    private static Map<String, Object> tag(EventKind event, Map<String, Object> of) {
        of.put("key", "example_key");
        if (event.action().equals("SET")) of.put("value", "example_value");
        return of;
    }

    private static Map<String, Object> budget() {
        Map<String, Object> data = ordered("budget_policy_id", "bp-abc123", "budget_unit", "USD");
        data.put("budget_amount", 100.0);
        data.put("current_spend", 105.5);
        data.putAll(ordered("duration_unit", "MONTHS", "duration_value", 1, "target_scope", "ENDPOINT"));
        data.putAll(ordered("workspace", "default", "target_value", "ep-abc123", "window_start", 1_704_067_200_000L));
        return data;
    }

    private static Map<String, Object> ordered(Object... pairs) {
        Map<String, Object> map = new LinkedHashMap<>();
        List<Object> all = List.of(pairs);
        for (int i = 0; i < all.size(); i += 2) map.put((String) all.get(i), all.get(i + 1));
        return map;
    }
}
