package dev.millrace.registry.resource.drift;

/** What is compared over time: one model version, against one thing, for one slice. */
record DriftSeries(long id, Name name) {
    /**
     * Unique within a model.
     *
     * @param sliceKey empty, with {@code sliceValue}, for the whole table
     */
    record Name(String version, String driftType, String sliceKey, String sliceValue) {
        static Name of(String version, DriftRow row) {
            return new Name(
                    version,
                    row.driftType(),
                    row.sliceKey().orElse(""),
                    row.sliceValue().orElse(""));
        }
    }

    String version() {
        return name.version();
    }
}
