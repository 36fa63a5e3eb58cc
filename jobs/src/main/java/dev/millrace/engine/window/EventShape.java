package dev.millrace.engine.window;

import java.io.Serializable;

/**
 * What an event brings along.
 *
 * @param moments how many moments: when it became known, or was replaced
 * @param doubles how many numbers; their indices as values begin at 0
 * @param exacts how many values of other types (Long, BigDecimal, {@link Text}), which come back as they were; their
 *     indices as values begin at {@code doubles}
 */
public record EventShape(int moments, int doubles, int exacts) implements Serializable {
    private static final long serialVersionUID = 1L;
}
