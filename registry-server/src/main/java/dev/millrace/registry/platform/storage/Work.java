package dev.millrace.registry.platform.storage;

import org.jdbi.v3.core.Handle;

/** What is done within one transaction. Throwing undoes all of it. */
@FunctionalInterface
public interface Work<T> {
    T run(Handle tx);
}
