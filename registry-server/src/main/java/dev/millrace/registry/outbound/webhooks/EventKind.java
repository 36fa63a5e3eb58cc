package dev.millrace.registry.outbound.webhooks;

import dev.millrace.registry.platform.error.MillraceException;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * What a webhook may be told of, as MLflow writes it: {@code {"entity": "MODEL_VERSION_TAG", "action": "SET"}}.
 *
 * @param entity one of MLflow's {@code WebhookEntity}
 * @param action one of those that the entity has
 */
record EventKind(String entity, String action) {
    private static final Map<String, List<String>> ACTIONS = actions();
    private static final Set<String> KNOWN_ACTIONS = Set.of("CREATED", "UPDATED", "DELETED", "SET", "EXCEEDED");

    private static Map<String, List<String>> actions() {
        Map<String, List<String>> actions = new TreeMap<>();
        for (String created : List.of("REGISTERED_MODEL", "MODEL_VERSION", "PROMPT", "PROMPT_VERSION")) {
            actions.put(created, List.of("CREATED"));
        }
        for (String tag : List.of("MODEL_VERSION_TAG", "PROMPT_TAG", "PROMPT_VERSION_TAG")) {
            actions.put(tag, List.of("DELETED", "SET"));
        }
        for (String alias : List.of("MODEL_VERSION_ALIAS", "PROMPT_ALIAS")) {
            actions.put(alias, List.of("CREATED", "DELETED"));
        }
        actions.put("BUDGET_POLICY", List.of("EXCEEDED")); // MLflow's gateway has it; it never happens here
        return Map.copyOf(actions);
    }

    /** @throws MillraceException USAGE for what MLflow does not know */
    static EventKind of(String entity, String action) {
        List<String> actions = ACTIONS.get(entity);
        if (actions == null) throw MillraceException.invalid("'" + lower(entity) + "' is not a valid WebhookEntity");
        if (!KNOWN_ACTIONS.contains(action)) throw MillraceException.invalid("Unknown proto action: " + action);
        if (actions.contains(action)) return new EventKind(entity, action);
        throw MillraceException.invalid("Invalid action '" + lower(action) + "' for entity '" + lower(entity)
                + "'. Valid actions are: "
                + actions.stream().map(known -> "'" + lower(known) + "'").toList());
    }

    /** As events are named in deliveries: lower case. */
    static EventKind ofDelivery(String entity, String action) {
        return of(entity.toUpperCase(Locale.ROOT), action.toUpperCase(Locale.ROOT));
    }

    String lowerEntity() {
        return lower(entity);
    }

    String lowerAction() {
        return lower(action);
    }

    private static String lower(String word) {
        return word.toLowerCase(Locale.ROOT);
    }
}
