package dev.millrace.engine.window;

/** Whether an event at the very end of a window counts; the other end is then the opposite (CONTRACT §6). */
public enum Boundary {
    /** {@code [t − delay − w, t − delay)}. */
    EXCLUSIVE,
    /** {@code (t − delay − w, t − delay]}. */
    INCLUSIVE
}
