package dev.millrace.engine.simulate;

import java.util.OptionalLong;

/**
 * Times at which an entity is in somebody else's hands: in each period of its own at most one spell of fixed length.
 *
 * @param seed of the simulation
 * @param purpose keeps kinds of spells apart
 * @param periodSeconds length of a period; each entity's periods begin at a moment of its own
 * @param lengthSeconds length of a spell
 */
record Spells(long seed, long purpose, long periodSeconds, long lengthSeconds) {

    /**
     * When the spell began that {@code second} falls into.
     *
     * @param share expected share of time in spells, at most {@code length/period}
     */
    OptionalLong begunBefore(long entity, long second, double share) {
        Draws own = Draws.of(seed, purpose, entity, -1);
        long shifted = second + own.below(periodSeconds);
        long period = Math.floorDiv(shifted, periodSeconds);
        Draws draws = Draws.of(seed, purpose, entity, period);
        if (!draws.chance(share * periodSeconds / lengthSeconds)) return OptionalLong.empty();
        long begin = draws.below(periodSeconds - lengthSeconds + 1);
        long within = Math.floorMod(shifted, periodSeconds) - begin;
        return within >= 0 && within < lengthSeconds ? OptionalLong.of(second - within) : OptionalLong.empty();
    }
}
