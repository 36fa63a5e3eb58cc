package dev.millrace.registry.security.access;

import java.util.Optional;

/**
 * What one route demands.
 *
 * @param open whether nobody has to say who they are
 * @param role on every target of the request
 * @param seen what the user must at least be able to see, besides
 * @param audited whether each request is recorded
 * @param hides what is left out of the answer for those who may not see it
 */
record Rule(boolean open, Role role, Where where, Where seen, boolean audited, Optional<Hides> hides) {
    /**
     * @param list the answer's list
     * @param name the field of an item that names it
     */
    record Hides(String list, String name, Target.Kind kind) {}

    static Rule toAll() {
        return new Rule(true, Role.VIEWER, Where.NOTHING, Where.NOTHING, false, Optional.empty());
    }

    static Rule view(Where where) {
        return new Rule(false, Role.VIEWER, where, Where.NOTHING, false, Optional.empty());
    }

    /** A list that shows each user what that user may see. */
    static Rule list(String list, String name, Target.Kind kind) {
        return new Rule(
                false, Role.VIEWER, Where.NOTHING, Where.NOTHING, false, Optional.of(new Hides(list, name, kind)));
    }

    /** A record of a run's own: many, and each with its time already. */
    static Rule log(Where where) {
        return new Rule(false, Role.EDITOR, where, Where.NOTHING, false, Optional.empty());
    }

    static Rule edit(Where where) {
        return new Rule(false, Role.EDITOR, where, Where.NOTHING, true, Optional.empty());
    }

    static Rule approve(Where where) {
        return new Rule(false, Role.APPROVER, where, Where.NOTHING, true, Optional.empty());
    }

    static Rule admin(Where where) {
        return new Rule(false, Role.ADMIN, where, Where.NOTHING, true, Optional.empty());
    }

    /** Not a change, but nobody else's business. */
    static Rule secret(Where where) {
        return new Rule(false, Role.ADMIN, where, Where.NOTHING, false, Optional.empty());
    }

    Rule whoSees(Where more) {
        return new Rule(open, role, where, more, audited, hides);
    }
}
