package dev.millrace.registry.security.access;

/**
 * What a request touches.
 *
 * @param name of the experiment or model; empty for the server as a whole, and for what cannot be found
 */
record Target(Kind kind, String name) {
    /** What grants can name. */
    enum Kind {
        SERVER,
        EXPERIMENT,
        MODEL
    }

    static final Target SERVER = new Target(Kind.SERVER, "");

    static Target experiment(String name) {
        return new Target(Kind.EXPERIMENT, name);
    }

    static Target model(String name) {
        return new Target(Kind.MODEL, name);
    }

    /** For messages. */
    String told() {
        return switch (kind) {
            case SERVER -> "the whole registry";
            case EXPERIMENT -> "the experiment `" + name + "`";
            case MODEL -> "the model `" + name + "`";
        };
    }
}
