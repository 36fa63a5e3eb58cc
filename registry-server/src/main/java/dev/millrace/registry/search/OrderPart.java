package dev.millrace.registry.search;

/** One expression of an ORDER BY; never NULL. */
public record OrderPart(String sql, boolean descending) {}
