package dev.millrace.registry.resource.tracking;

/** Deletion is soft: what is deleted can be restored, until it is removed for good. */
public final class Lifecycle {
    public static final String ACTIVE = "active";
    public static final String DELETED = "deleted";
    /** It is being removed for good, files first: nothing sees it any more, and nothing restores it. */
    public static final String REMOVING = "removing";

    private Lifecycle() {}
}
