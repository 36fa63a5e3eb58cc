package dev.millrace.registry.lake.lineage;

import dev.millrace.registry.platform.error.MillraceException;

/** Which way to walk from the start. */
enum Direction {
    /** To what it was made from. */
    UP,
    /** To what used it. */
    DOWN,
    BOTH;

    static Direction named(String word) {
        return switch (word) {
            case "up" -> UP;
            case "down" -> DOWN;
            case "both" -> BOTH;
            default -> throw MillraceException.invalid("`direction` must be up, down or both, not '" + word + "'.");
        };
    }

    boolean isUp() {
        return this != DOWN;
    }

    boolean isDown() {
        return this != UP;
    }
}
