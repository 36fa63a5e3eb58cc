package dev.millrace.registry.platform.search;

/** One key to sort by. */
record OrderTerm(Identifier identifier, boolean descending) {}
