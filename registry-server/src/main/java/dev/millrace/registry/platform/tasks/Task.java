package dev.millrace.registry.platform.tasks;

/**
 * One thing to do.
 *
 * @param kind names who does it
 * @param key unique within the kind: adding it again while it waits adds nothing
 * @param lane tasks of one kind and lane are done one at a time, the oldest that is due first; lanes go side by side
 * @param payload what the doer needs to know, in its own form
 * @param attempts how often it was begun, this time included
 */
public record Task(String kind, String key, String lane, String payload, int attempts) {
    /** Before it was ever begun. */
    public static Task of(String kind, String key, String lane, String payload) {
        return new Task(kind, key, lane, payload, 0);
    }
}
