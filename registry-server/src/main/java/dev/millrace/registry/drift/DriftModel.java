package dev.millrace.registry.drift;

/**
 * A model that has drift rows.
 *
 * @param windows distinct windows of its newest version that has rows
 * @param drifted columns with the verdict drift in the newest window, slices counted
 */
record DriftModel(
        String model, String latestVersion, long windows, long firstWindow, long latestWindow, long drifted) {}
