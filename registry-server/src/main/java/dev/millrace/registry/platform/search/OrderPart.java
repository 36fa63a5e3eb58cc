package dev.millrace.registry.platform.search;

/** One expression of an ORDER BY; never NULL. */
public record OrderPart(String sql, boolean descending) {}
