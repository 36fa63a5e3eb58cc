package dev.millrace.registry.search;

/** One key to sort by. */
record OrderTerm(Identifier identifier, boolean descending) {}
