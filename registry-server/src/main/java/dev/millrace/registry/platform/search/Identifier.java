package dev.millrace.registry.platform.search;

/** What is compared or sorted by: {@code metrics.auc}, {@code attributes.start_time}. */
public record Identifier(Entity entity, String key) {}
