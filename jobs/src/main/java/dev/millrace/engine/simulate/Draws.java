package dev.millrace.engine.simulate;

/**
 * A stream of draws that depends on its keys alone (SplitMix64: Steele, Lea and Flood, "Fast Splittable Pseudorandom
 * Number Generators", OOPSLA 2014). Cheap to make: one per entity or row, used and thrown away.
 */
final class Draws {
    private static final long GAMMA = 0x9e3779b97f4a7c15L;

    private long state;

    private Draws(long state) {
        this.state = state;
    }

    static Draws of(long seed, long purpose, long entity, long index) {
        return new Draws(mix(mix(mix(seed + GAMMA * purpose) + GAMMA * entity) + GAMMA * index));
    }

    private static long mix(long value) {
        long z = (value ^ (value >>> 30)) * 0xbf58476d1ce4e5b9L;
        z = (z ^ (z >>> 27)) * 0x94d049bb133111ebL;
        return z ^ (z >>> 31);
    }

    private long bits() {
        state += GAMMA;
        return mix(state);
    }

    /** Uniform in [0, 1). */
    double uniform() {
        return (bits() >>> 11) * 0x1.0p-53;
    }

    double uniform(double from, double to) {
        return from + (to - from) * uniform();
    }

    boolean chance(double probability) {
        return uniform() < probability;
    }

    /** Uniform in 0 … {@code bound} − 1. */
    long below(long bound) {
        return (long) (uniform() * bound);
    }

    /** Standard normal (Box and Muller 1958, one of the pair). StrictMath: the same digits on every processor. */
    double normal() {
        double radius = StrictMath.sqrt(-2 * StrictMath.log(1 - uniform()));
        return radius * StrictMath.cos(2 * Math.PI * uniform());
    }

    double logNormal(double median, double sigma) {
        return median * StrictMath.exp(sigma * normal());
    }
}
