package dev.millrace.registry.outbound.webhooks;

import java.util.List;
import java.util.Optional;

/**
 * A webhook as MLflow writes it. Its secret is never told.
 *
 * @param status {@code ACTIVE} or {@code DISABLED}
 */
record Webhook(
        String webhookId,
        String name,
        Optional<String> description,
        String url,
        List<EventKind> events,
        String status,
        long creationTimestamp,
        long lastUpdatedTimestamp) {
    static final String ACTIVE = "ACTIVE";
    static final String DISABLED = "DISABLED";

    Webhook {
        events = List.copyOf(events);
    }

    /** What is changed; absent parts stay. */
    record Change(
            Optional<String> name,
            Optional<String> description,
            Optional<String> url,
            List<EventKind> events,
            Optional<String> secret,
            Optional<String> status) {
        Change {
            events = List.copyOf(events);
        }
    }

    boolean isActive() {
        return status.equals(ACTIVE);
    }

    Webhook with(Change change, long now) {
        return new Webhook(
                webhookId,
                change.name().orElse(name),
                change.description().or(() -> description).filter(text -> !text.isEmpty()),
                change.url().orElse(url),
                change.events().isEmpty() ? events : change.events(),
                change.status().orElse(status),
                creationTimestamp,
                now);
    }
}
