package dev.millrace.registry.platform.tasks;

import java.time.Duration;

/** What came of an attempt. */
public sealed interface Outcome {
    /** The task is removed. */
    record Done() implements Outcome {}

    /**
     * It did not work, and may later.
     *
     * @param pause until the next attempt
     */
    record Again(Duration pause, String why) implements Outcome {}

    /** It will never work: the task stays for {@link Tasks#KEPT}, to be looked at, and is not tried again. */
    record GivenUp(String why) implements Outcome {}
}
