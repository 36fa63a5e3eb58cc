package dev.millrace.registry.resource.drift;

/**
 * A model that has drift rows.
 *
 * @param windows distinct windows of its newest version that has rows
 * @param drifted columns of the latest version with the verdict drift in the newest window, in whatever slice
 */
record DriftModel(
        String model, String latestVersion, long windows, long firstWindow, long latestWindow, long drifted) {}
