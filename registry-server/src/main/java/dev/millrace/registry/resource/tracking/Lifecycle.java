package dev.millrace.registry.resource.tracking;

/** Deletion is soft: what is deleted can be restored. */
public final class Lifecycle {
    public static final String ACTIVE = "active";
    public static final String DELETED = "deleted";

    private Lifecycle() {}
}
