package dev.millrace.registry.resource.models;

import org.jdbi.v3.core.Handle;

/** Takes what happened to models; implemented by the resource that tells others. */
@FunctionalInterface
public interface RegistryEvents {
    /** Called in the transaction of the change: what is to be told is kept or undone with it. */
    void happened(Handle tx, RegistryEvent event);
}
