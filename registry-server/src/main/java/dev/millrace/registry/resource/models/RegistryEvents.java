package dev.millrace.registry.resource.models;

/** Takes what happened to models; implemented by the resource that tells others. */
@FunctionalInterface
public interface RegistryEvents {
    /** Called after the change is on disk. Returns at once and never fails. */
    void happened(RegistryEvent event);
}
