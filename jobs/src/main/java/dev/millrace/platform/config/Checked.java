package dev.millrace.platform.config;

/**
 * A config record with rules between its keys. Unlike an {@link IllegalArgumentException} of the constructor, which
 * stops at the first, {@link #check} reports every problem, each at the line of its key.
 */
public interface Checked {
    /** Called by the binder once the record is bound. */
    void check(Findings findings);

    /** Takes what is wrong. */
    interface Findings {
        /**
         * @param key the key at fault, in YAML; a dotted path for a nested one
         * @param message what is wrong, what is valid, what to do
         */
        void add(String key, String message);

        /** Something that is most likely a mistake and may be meant. */
        void warn(String key, String message);
    }
}
