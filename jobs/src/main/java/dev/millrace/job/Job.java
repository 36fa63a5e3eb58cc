package dev.millrace.job;

import java.util.List;
import java.util.Optional;

/**
 * One command. Implementations have no state and a public constructor without parameters.
 *
 * @param <C> what the user declares; every {@code TableRef} in it is an input, every {@code OutputRef} an output
 * @param <R> what was done
 */
public interface Job<C extends Record, R extends JobResult> {
    /** The command and the key of the section: {@code training-set}. */
    String name();

    Class<C> configType();

    /** Does the work. Writes only through {@link JobContext#tables}. */
    R run(C config, JobContext ctx);

    /**
     * What the result depends on beside the config and its tables: the model version an alias means now ({@code
     * model:fraud/2}), a run ({@code run:ID}). Asked before any write; {@link JobContext#run} is not there yet.
     */
    default List<String> alsoDependsOn(C config, JobContext ctx) {
        return List.of();
    }

    /**
     * The part of the output's rows that this file is about: names of tables with their {@code where}, of models
     * without their version, columns. Two files with equal subsets replace each other's rows of an output, others do
     * not. The tables of the config with their {@code where} are always part of it.
     */
    default List<String> subset(C config) {
        return List.of();
    }

    /** False for jobs that find out by themselves what is new, as ingest does by its checkpoint. */
    default boolean skipsWhenUnchanged(C config) {
        return true;
    }

    /**
     * Why there is nothing to do, although the fingerprint is new: no new file, the version is the champion already.
     * Asked before the run begins, so no run is recorded then.
     */
    default Optional<String> nothingToDo(C config, JobContext ctx) {
        return Optional.empty();
    }

    /** Whether the job must ask the registry; without one it then ends before any write (CONTRACT §4). */
    default boolean asksRegistry(C config) {
        return false;
    }

    /**
     * Whether what an earlier run with the same fingerprint made outside the lake is still there. {@link
     * JobContext#run} is not there yet.
     */
    default boolean resultRemains(C config, JobContext ctx) {
        return true;
    }
}
