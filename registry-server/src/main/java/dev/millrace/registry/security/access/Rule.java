package dev.millrace.registry.security.access;

import io.javalin.security.RouteRole;
import java.util.Optional;
import java.util.Set;

/**
 * What one route demands; given where the route is registered, and obeyed by {@link Gate}.
 *
 * @param open whether nobody has to say who they are
 * @param role on every target of the request
 * @param where the targets
 * @param seen what the user must at least be able to see, besides
 * @param audited whether each request is recorded; of a route that is not, only what is forbidden
 * @param hides what is left out of the answer for those who may not see it
 */
public record Rule(boolean open, Role role, Where where, Where seen, boolean audited, Optional<Hides> hides)
        implements RouteRole {
    /**
     * @param list the answer's list
     * @param name the field of an item that names it
     */
    record Hides(String list, String name, Target.Kind kind) {}

    public static Rule toAll() {
        return new Rule(true, Role.VIEWER, Where.NOTHING, Where.NOTHING, false, Optional.empty());
    }

    public static Rule view(Where where) {
        return of(Role.VIEWER, where, false);
    }

    /** A list of experiments that shows each user what that user may see. */
    public static Rule listOfExperiments(String list, String name) {
        return list(new Hides(list, name, Target.Kind.EXPERIMENT));
    }

    /** As {@link #listOfExperiments}, of what belongs to models. */
    public static Rule listOfModels(String list, String name) {
        return list(new Hides(list, name, Target.Kind.MODEL));
    }

    private static Rule list(Hides hides) {
        return new Rule(false, Role.VIEWER, Where.NOTHING, Where.NOTHING, false, Optional.of(hides));
    }

    /** A record of a run's own: many, and each with its time already. */
    public static Rule log(Where where) {
        return of(Role.EDITOR, where, false);
    }

    public static Rule edit(Where where) {
        return of(Role.EDITOR, where, true);
    }

    /** Whoever may read may speak: reviewers need not be editors. */
    public static Rule speak(Where where) {
        return of(Role.VIEWER, where, true);
    }

    public static Rule approve(Where where) {
        return of(Role.APPROVER, where, true);
    }

    public static Rule admin(Where where) {
        return of(Role.ADMIN, where, true);
    }

    /** Not a change, but nobody else's business. */
    public static Rule secret(Where where) {
        return of(Role.ADMIN, where, false);
    }

    private static Rule of(Role role, Where where, boolean audited) {
        return new Rule(false, role, where, Where.NOTHING, audited, Optional.empty());
    }

    public Rule whoSees(Where more) {
        return new Rule(open, role, where, more, audited, hides);
    }

    /** Whether the route changes something; of what is refused, every try at a change is recorded. */
    boolean changes() {
        return audited || role == Role.EDITOR;
    }

    /** What a token must allow: a change is never a reading token's, whatever role it takes. */
    Role level() {
        return changes() && role == Role.VIEWER ? Role.EDITOR : role;
    }

    /** The one among a route's roles. */
    static Optional<Rule> among(Set<? extends RouteRole> roles) {
        return roles.stream()
                .filter(Rule.class::isInstance)
                .map(Rule.class::cast)
                .findFirst();
    }

    /** For the list of all routes. */
    @Override
    public String toString() {
        if (open) return "anybody";
        if (hides.isPresent()) return "any user; " + hides.get().list() + " that the user may view";
        String who = where.isNothing() ? "any user" : role.word() + " of " + where;
        return who + (seen.isNothing() ? "" : "; viewer of " + seen) + (audited ? "; audited" : "");
    }
}
