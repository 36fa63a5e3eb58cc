package dev.millrace.registry.security.access;

import com.fasterxml.jackson.databind.JsonNode;
import dev.millrace.registry.platform.error.ErrorKind;
import dev.millrace.registry.platform.error.MillraceException;
import dev.millrace.registry.platform.http.StrictJson;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What holds a token back beside its user's grants.
 *
 * @param scopes what it may at most do; empty: all that its user may
 * @param end when it ends, epoch milliseconds; empty: when it is revoked
 */
record Limits(List<TokenScope> scopes, Optional<Long> end) {
    static final Limits NONE = new Limits(List.of(), Optional.empty());
    private static final int MOST = 50;

    Limits {
        scopes = List.copyOf(scopes);
        if (scopes.size() > MOST) {
            throw MillraceException.invalid("A token has " + MOST + " scopes at most, not " + scopes.size() + ".");
        }
    }

    static List<TokenScope> scopes(Iterable<JsonNode> texts) {
        List<TokenScope> scopes = new ArrayList<>();
        texts.forEach(text -> scopes.add(TokenScope.parse(text.asText(""))));
        return scopes;
    }

    /** As the database has them: a JSON list. @return null for none */
    String text() {
        return scopes.isEmpty() ? null : StrictJson.text(shown());
    }

    static List<TokenScope> scopes(Optional<String> text) {
        return text.map(StrictJson::tree).map(Limits::scopes).orElse(List.of());
    }

    List<String> shown() {
        return scopes.stream().map(TokenScope::toString).toList();
    }

    boolean allow(Role needed, Target target) {
        return scopes.isEmpty() || scopes.stream().anyMatch(scope -> scope.allows(needed, target));
    }

    /** Whether there is anything at all with which the token may do that. */
    boolean allowSomewhere(Role needed) {
        return scopes.isEmpty()
                || scopes.stream()
                        .anyMatch(scope ->
                                scope.role().filter(own -> own.includes(needed)).isPresent());
    }

    /**
     * The limits of a token that one with these creates: what is not wanted is as here.
     *
     * @throws MillraceException FORBIDDEN when more is wanted than is allowed here
     */
    Limits narrowedTo(List<TokenScope> wanted, Optional<Long> wantedEnd) {
        for (TokenScope scope : wanted) {
            if (!scopes.isEmpty() && scopes.stream().noneMatch(own -> own.includes(scope))) {
                throw refused("`" + scope + "` is more than the scopes of the token that creates it: " + shown() + ".");
            }
        }
        if (end.isPresent()
                && wantedEnd.filter(wantedAt -> wantedAt > end.get()).isPresent()) {
            throw refused("It would end after the token or session that creates it, which ends at "
                    + Instant.ofEpochMilli(end.get()) + ". Leave the lifetime out to end with it, or create the token"
                    + " by one that ends later.");
        }
        return new Limits(wanted.isEmpty() ? scopes : wanted, wantedEnd.or(() -> end));
    }

    private static MillraceException refused(String why) {
        return new MillraceException(
                ErrorKind.FORBIDDEN, "Permission denied: a token cannot create a wider one. " + why);
    }
}
