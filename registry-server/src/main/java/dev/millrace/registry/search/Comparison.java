package dev.millrace.registry.search;

/** One clause of a filter. */
record Comparison(Identifier identifier, Operator operator, Literal literal) {}
