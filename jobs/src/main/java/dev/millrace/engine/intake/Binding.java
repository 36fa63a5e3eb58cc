package dev.millrace.engine.intake;

import java.util.List;
import java.util.Set;

/**
 * The columns that the records of a file are read into.
 *
 * @param columns of the target, in their order
 * @param inPath those of them that the file's path gives
 */
record Binding(List<String> columns, Set<String> inPath) {}
