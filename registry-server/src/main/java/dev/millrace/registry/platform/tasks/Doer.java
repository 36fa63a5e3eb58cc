package dev.millrace.registry.platform.tasks;

/** Does the tasks of one kind. */
@FunctionalInterface
public interface Doer {
    /**
     * Tries once. A process that ends within it tries again after the next start, so it must bear being done twice. What
     * it throws counts as a failure that may pass.
     */
    Outcome attempt(Task task);
}
