package dev.millrace.registry.storage;

/** A key and its text, as MLflow writes tags and params. */
public record Tag(String key, String value) {}
