package dev.millrace.registry.platform.search;

/** Something a page may hold much of. */
public interface Sized {
    /** About how many characters it has as JSON. */
    long size();
}
