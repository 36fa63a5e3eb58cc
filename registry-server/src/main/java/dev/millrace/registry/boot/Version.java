package dev.millrace.registry.boot;

/** What the server calls itself. */
final class Version {
    static final String OURS = "0.1.0";
    /** The level of MLflow's API that is spoken. */
    static final String MLFLOW = "3.17.2";

    private Version() {}
}
