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
public final class AccessService {
    private static final Duration SESSION = Duration.ofHours(12);
    private static final long USED_EVERY_MILLIS = 60_000;
    private static final int KNOWN = 10_000;

    private final Database database;
    private final Clock clock;
    private final AccessRepository repository = new AccessRepository();
    /** By the secret's digest. Emptied by every change, so that a revoked token is refused at once. */
    private final Map<String, Known> known = new ConcurrentHashMap<>();

    private final AtomicLong changes = new AtomicLong();

    private record Known(Principal principal, long tokenId, Optional<Long> expiresAt, long usedAt) {}

    /** A new token with its secret, which is shown once. */
    record Created(Token token, String secret) {}

    public AccessService(Database database, Clock clock) {
        this.database = database;
        this.clock = clock;
    }

    /** @return who holds the token; empty when nobody does, or it has expired */
    Optional<Principal> holder(String secret) {
        String digest = Token.digest(secret);
        long now = clock.millis();
        long before = changes.get();
        Known found = known.get(digest);
        if (found == null) {
            found = database.read(tx -> lookUp(tx, digest)).orElse(null);
            if (found == null) return Optional.empty();
            if (known.size() >= KNOWN) known.clear();
        }
        if (found.expiresAt().filter(end -> end <= now).isPresent()) return Optional.empty();
        if (now - found.usedAt() >= USED_EVERY_MILLIS) {
            long token = found.tokenId();
            database.change(tx -> repository.touch(tx, token, now));
            found = new Known(found.principal(), token, found.expiresAt(), now);
        }
        Known current = found;
        known.put(digest, current);
        // What was read before a change must not stay after it.
        if (changes.get() != before) known.remove(digest, current);
        return Optional.of(current.principal());
    }

    private Optional<Known> lookUp(Handle tx, String digest) {
        return repository.token(tx, digest).map(token -> {
            long user = repository.user(tx, token.user()).orElseThrow().id();
            return new Known(
                    new Principal(token.user(), repository.grants(tx, user)),
                    token.id(),
                    token.expiresAt(),
                    token.lastUsedAt().orElse(0L));
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
            return Optional.of(
                    insert(tx, "admin", user, "first", Optional.empty()).secret());
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

    /** @param lifetime empty: until it is revoked */
    Created createToken(String user, String name, Optional<Duration> lifetime, Act act) {
        if (name.length() > 200) throw MillraceException.invalid("The name of a token has 200 characters at most.");
        if (lifetime.filter(span -> span.isNegative() || span.isZero()).isPresent()) {
            throw MillraceException.invalid("A token's lifetime must be longer than nothing.");
        }
        return database.write(tx -> {
            Created made = insert(tx, user, require(tx, user).id(), name, lifetime);
            act.done(tx, Map.of("id", made.token().id(), "user", user));
            return made;
        });
    }

    /** For a browser: a token that ends by itself. */
    Created openSession(Principal principal) {
        return database.write(tx -> {
            repository.deleteExpired(tx, clock.millis());
            long user = require(tx, principal.name()).id();
            return insert(tx, principal.name(), user, "browser session", Optional.of(SESSION));
        });
    }

    private Created insert(Handle tx, String user, long userId, String name, Optional<Duration> lifetime) {
        String secret = Token.secret();
        long now = clock.millis();
        Token token = new Token(
                0, user, name, Token.hint(secret), now, lifetime.map(span -> now + span.toMillis()), Optional.empty());
        repository.insertToken(tx, userId, token, Token.digest(secret));
        return new Created(repository.token(tx, Token.digest(secret)).orElseThrow(), secret);
    }

    List<Token> tokens(Optional<String> user) {
        return database.read(tx -> repository.tokens(tx, user));
    }

    /** @param by may revoke their own; an administrator anybody's */
    void revoke(long id, Principal by, Act act) {
        changed(tx -> {
            Token token = repository
                    .token(tx, id)
                    .filter(found -> found.user().equals(by.name()) || by.may(Role.ADMIN, Target.SERVER))
                    .orElseThrow(() -> MillraceException.notFound("You have no token " + id + "."));
            repository.deleteToken(tx, token.id());
            act.done(tx, Map.of("user", token.user(), "hint", token.hint()));
            return id;
        });
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
