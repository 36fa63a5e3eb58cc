package dev.millrace.registry.security.access;

import dev.millrace.registry.platform.error.ErrorKind;
import dev.millrace.registry.platform.error.MillraceException;
import dev.millrace.registry.platform.storage.Database;
import dev.millrace.registry.security.audit.Act;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import org.jdbi.v3.core.Handle;

/**
 * Users, what they may do, and the tokens that prove who they are. There are no passwords: a token stands wherever a
 * client sends one, so none can be weak or common. Thread-safe.
 */
public final class AccessService implements AutoCloseable {
    private static final Duration SESSION = Duration.ofHours(12);
    private static final long USED_EVERY_MILLIS = 60_000;
    /** How long a token is believed without a look: another server on the database may have revoked it. */
    private static final long BELIEVED_MILLIS = 5_000;

    private static final int KNOWN = 10_000;

    private final Database database;
    private final Clock clock;
    private final AccessRepository repository = new AccessRepository();
    private final LastUses uses;
    /** By the secret's digest. Emptied by every change made here, so that a revoked token is refused at once. */
    private final Map<String, Known> known = new ConcurrentHashMap<>();

    private final AtomicLong changes = new AtomicLong();

    private record Known(Principal principal, Optional<Long> expiresAt, long usedAt, long readAt) {}

    /** A new token with its secret, which is shown once. */
    record Created(Token token, String secret) {}

    public AccessService(Database database, Clock clock) {
        this.database = database;
        this.clock = clock;
        this.uses = LastUses.start(database, repository);
    }

    /** Writes when tokens were last used. Before the database is closed. */
    @Override
    public void close() {
        uses.close();
    }

    /** @return who holds the token; empty when nobody does, or it has expired */
    Optional<Principal> holder(String secret) {
        String digest = Token.digest(secret);
        long now = clock.millis();
        long before = changes.get();
        Known found = known.get(digest);
        if (found == null || now - found.readAt() >= BELIEVED_MILLIS) {
            long usedAt = found == null ? 0 : found.usedAt();
            found = database.look(tx -> lookUp(tx, digest, now, usedAt)).orElse(null);
            if (found == null) {
                known.remove(digest);
                return Optional.empty();
            }
            if (known.size() >= KNOWN) known.clear();
        }
        if (found.expiresAt().filter(end -> end <= now).isPresent()) return Optional.empty();
        if (now - found.usedAt() >= USED_EVERY_MILLIS) {
            found.principal().token().ifPresent(token -> uses.note(token, now));
            found = new Known(found.principal(), found.expiresAt(), now, found.readAt());
        }
        Known current = found;
        known.put(digest, current);
        // What was read before a change must not stay after it.
        if (changes.get() != before) known.remove(digest, current);
        return Optional.of(current.principal());
    }

    private Optional<Known> lookUp(Handle tx, String digest, long now, long usedAt) {
        return repository.token(tx, digest).map(token -> {
            long user = repository.user(tx, token.user()).orElseThrow().id();
            return new Known(
                    new Principal(token.user(), repository.grants(tx, user), Optional.of(token.id()), token.limits()),
                    token.expiresAt(),
                    Math.max(usedAt, token.lastUsedAt().orElse(0L)),
                    now);
        });
    }

    /**
     * On a server that nobody administers yet: the user {@code admin} and a token.
     *
     * @return the token's secret; empty when there is an administrator
     */
    public Optional<String> firstAdmin() {
        return database.write(tx -> {
            if (repository.admins(tx) > 0) return Optional.empty();
            repository.insertUser(tx, "admin", clock.millis());
            long user = repository.user(tx, "admin").orElseThrow().id();
            repository.replaceGrants(tx, user, List.of(Grant.of("admin", "*")));
            return Optional.of(insert(tx, "admin", user, "first", Limits.NONE).secret());
        });
    }

    List<User> users() {
        return database.read(tx -> repository.users(tx).stream()
                .map(user -> User.of(user.name(), user.createdAt(), repository.grants(tx, user.id())))
                .toList());
    }

    /**
     * Makes the user or changes what it may do.
     *
     * @throws MillraceException POLICY_REFUSED when nobody would administer the server any more
     */
    User put(String name, List<Grant> grants, Act act) {
        if (!name.matches("[\\p{L}\\p{N}][\\p{L}\\p{N}._@+-]{0,99}")) {
            throw MillraceException.invalid("`" + name
                    + "` is no user name: 1 to 100 letters, digits and `. _ @ + -`, a letter or digit first.");
        }
        return changed(tx -> {
            repository.insertUser(tx, name, clock.millis());
            AccessRepository.Stored user = repository.user(tx, name).orElseThrow();
            List<Grant> before = repository.grants(tx, user.id());
            repository.replaceGrants(tx, user.id(), grants);
            requireAdmin(tx);
            act.done(tx, Map.of("old_grants", Grant.text(before), "new_grants", Grant.text(grants)));
            return User.of(name, user.createdAt(), repository.grants(tx, user.id()));
        });
    }

    /** With all tokens and grants. */
    void delete(String name, Act act) {
        changed(tx -> {
            long user = require(tx, name).id();
            act.done(tx, Map.of("old_grants", Grant.text(repository.grants(tx, user))));
            repository.deleteUser(tx, user);
            requireAdmin(tx);
            return name;
        });
    }

    private void requireAdmin(Handle tx) {
        if (repository.admins(tx) > 0) return;
        throw new MillraceException(
                ErrorKind.POLICY_REFUSED,
                "Nobody would have the role admin on `*` any more. Give it to somebody else first.");
    }

    private AccessRepository.Stored require(Handle tx, String name) {
        return repository
                .user(tx, name)
                .orElseThrow(() -> MillraceException.notFound("There is no user `" + name + "`."));
    }

    /**
     * What a new token shall be.
     *
     * @param user whose
     * @param lifetime empty: as long as the token that creates it
     * @param scopes none: those of the token that creates it
     */
    record Wanted(String user, String name, Optional<Duration> lifetime, List<TokenScope> scopes) {}

    /** @throws MillraceException FORBIDDEN when it would allow more, or longer, than the token of {@code by} */
    Created createToken(Wanted wanted, Principal by, Act act) {
        String name = wanted.name();
        Optional<Duration> lifetime = wanted.lifetime();
        if (name.length() > 200) throw MillraceException.invalid("The name of a token has 200 characters at most.");
        if (lifetime.filter(span -> span.isNegative() || span.isZero()).isPresent()) {
            throw MillraceException.invalid("A token's lifetime must be longer than nothing.");
        }
        Limits limits = by.limits().narrowedTo(wanted.scopes(), lifetime.map(span -> clock.millis() + span.toMillis()));
        String user = wanted.user();
        return database.write(tx -> {
            Created made = insert(tx, user, require(tx, user).id(), name, limits);
            act.done(tx, Map.of("id", made.token().id(), "user", user, "scopes", limits.shown()));
            return made;
        });
    }

    /** For a browser: a token that ends by itself, and allows no more, nor longer, than the one it is opened with. */
    Created openSession(Principal principal) {
        return database.write(tx -> {
            long now = clock.millis();
            repository.deleteExpired(tx, now);
            long user = require(tx, principal.name()).id();
            long end =
                    Math.min(now + SESSION.toMillis(), principal.limits().end().orElse(Long.MAX_VALUE));
            Limits limits = new Limits(principal.limits().scopes(), Optional.of(end));
            return insert(tx, principal.name(), user, "browser session", limits);
        });
    }

    private Created insert(Handle tx, String user, long userId, String name, Limits limits) {
        String secret = Token.secret();
        long now = clock.millis();
        Token token = new Token(0, user, name, Token.hint(secret), now, limits.end(), Optional.empty(), limits.shown());
        repository.insertToken(tx, userId, token, Token.digest(secret));
        return new Created(repository.token(tx, Token.digest(secret)).orElseThrow(), secret);
    }

    /** @param all everybody's; otherwise the caller's own, of which a narrowed token sees itself alone */
    List<Token> tokens(boolean all, Principal by) {
        Optional<String> user = all ? Optional.empty() : Optional.of(by.name());
        return database.read(tx -> repository.tokens(tx, user)).stream()
                .filter(token -> all || !by.isNarrowed() || by.token().equals(Optional.of(token.id())))
                .toList();
    }

    /** @param by may revoke their own; an administrator anybody's; a narrowed token itself */
    void revoke(long id, Principal by, Act act) {
        changed(tx -> {
            Token token = repository
                    .token(tx, id)
                    .filter(found -> mayRevoke(by, found))
                    .orElseThrow(() -> MillraceException.notFound("You have no token " + id + "."));
            repository.deleteToken(tx, token.id());
            act.done(tx, Map.of("user", token.user(), "hint", token.hint()));
            return id;
        });
    }

    private static boolean mayRevoke(Principal by, Token token) {
        if (by.may(Role.ADMIN, Target.SERVER)) return true;
        boolean isOwn = token.user().equals(by.name());
        return isOwn && (!by.isNarrowed() || by.token().equals(Optional.of(token.id())));
    }

    /** Ends the session that the secret is of. */
    void closeSession(String secret) {
        changed(tx -> {
            repository.token(tx, Token.digest(secret)).ifPresent(token -> repository.deleteToken(tx, token.id()));
            return secret;
        });
    }

    private <T> T changed(dev.millrace.registry.platform.storage.Work<T> work) {
        try {
            return database.write(work);
        } finally {
            changes.incrementAndGet();
            known.clear();
        }
    }
}
