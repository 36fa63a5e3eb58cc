package dev.millrace.registry.security.access;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.PreparedBatch;

/** SQL of users, grants and tokens. */
final class AccessRepository {
    /** A user's row. */
    record Stored(long id, String name, long createdAt) {}

    Optional<Stored> user(Handle tx, String name) {
        return tx.createQuery("SELECT id, name, created_at FROM users WHERE name = :name")
                .bind("name", name)
                .map((row, context) -> new Stored(row.getLong("id"), row.getString("name"), row.getLong("created_at")))
                .findOne();
    }

    List<Stored> users(Handle tx) {
        return tx.createQuery("SELECT id, name, created_at FROM users ORDER BY name")
                .map((row, context) -> new Stored(row.getLong("id"), row.getString("name"), row.getLong("created_at")))
                .list();
    }

    void insertUser(Handle tx, String name, long now) {
        tx.createUpdate("INSERT INTO users (name, created_at) VALUES (:name, :now) ON CONFLICT (name) DO NOTHING")
                .bind("name", name)
                .bind("now", now)
                .execute();
    }

    void deleteUser(Handle tx, long user) {
        for (String table : List.of("tokens WHERE user_id", "user_grants WHERE user_id", "users WHERE id")) {
            tx.createUpdate("DELETE FROM " + table + " = :user")
                    .bind("user", user)
                    .execute();
        }
    }

    List<Grant> grants(Handle tx, long user) {
        return tx.createQuery("SELECT role, scope FROM user_grants WHERE user_id = :user ORDER BY scope")
                .bind("user", user)
                .map((row, context) -> Grant.of(row.getString("role"), row.getString("scope")))
                .list();
    }

    void replaceGrants(Handle tx, long user, List<Grant> grants) {
        tx.createUpdate("DELETE FROM user_grants WHERE user_id = :user")
                .bind("user", user)
                .execute();
        for (Grant grant : grants) {
            tx.createUpdate("INSERT INTO user_grants (user_id, scope, role) VALUES (:user, :scope, :role)"
                            + " ON CONFLICT (user_id, scope) DO UPDATE SET role = excluded.role")
                    .bind("user", user)
                    .bind("scope", grant.scope().toString())
                    .bind("role", grant.role().word())
                    .execute();
        }
    }

    /** How many users may do everything everywhere. */
    int admins(Handle tx) {
        return tx.createQuery("SELECT COUNT(*) FROM user_grants WHERE role = 'admin' AND scope = '*'")
                .mapTo(Integer.class)
                .one();
    }

    void insertToken(Handle tx, long user, Token token, String digest) {
        tx.createUpdate(
                        """
                        INSERT INTO tokens (user_id, name, hint, sha256, created_at, expires_at, scopes)
                        VALUES (:user, :name, :hint, :sha256, :created, :expires, :scopes)""")
                .bind("user", user)
                .bind("name", token.name())
                .bind("hint", token.hint())
                .bind("sha256", digest)
                .bind("created", token.createdAt())
                .bind("expires", token.expiresAt().orElse(null))
                .bind("scopes", token.limits().text())
                .execute();
    }

    Optional<Token> token(Handle tx, String digest) {
        return tx.createQuery(TOKENS + " WHERE t.sha256 = :sha256")
                .bind("sha256", digest)
                .map((row, context) -> token(row))
                .findOne();
    }

    Optional<Token> token(Handle tx, long id) {
        return tx.createQuery(TOKENS + " WHERE t.id = :id")
                .bind("id", id)
                .map((row, context) -> token(row))
                .findOne();
    }

    /** @param user whose; empty: everybody's */
    List<Token> tokens(Handle tx, Optional<String> user) {
        return tx.createQuery(TOKENS + " WHERE :user = '' OR u.name = :user ORDER BY t.id")
                .bind("user", user.orElse(""))
                .map((row, context) -> token(row))
                .list();
    }

    private static final String TOKENS =
            """
            SELECT t.id, u.name AS user_name, t.name, t.hint, t.created_at, t.expires_at, t.last_used_at, t.scopes
            FROM tokens t JOIN users u ON u.id = t.user_id""";

    private static Token token(ResultSet row) throws SQLException {
        return new Token(
                row.getLong("id"),
                row.getString("user_name"),
                row.getString("name"),
                row.getString("hint"),
                row.getLong("created_at"),
                time(row, "expires_at"),
                time(row, "last_used_at"),
                new Limits(Limits.scopes(Optional.ofNullable(row.getString("scopes"))), Optional.empty()).shown());
    }

    private static Optional<Long> time(ResultSet row, String column) throws SQLException {
        long time = row.getLong(column);
        return row.wasNull() ? Optional.empty() : Optional.of(time);
    }

    /** @param uses epoch milliseconds by token */
    void touch(Handle tx, Map<Long, Long> uses) {
        PreparedBatch batch = tx.prepareBatch("UPDATE tokens SET last_used_at = :at WHERE id = :id");
        uses.forEach((token, at) -> batch.bind("id", token).bind("at", at).add());
        batch.execute();
    }

    void deleteToken(Handle tx, long token) {
        tx.createUpdate("DELETE FROM tokens WHERE id = :id").bind("id", token).execute();
    }

    void deleteExpired(Handle tx, long now) {
        tx.createUpdate("DELETE FROM tokens WHERE expires_at IS NOT NULL AND expires_at <= :now")
                .bind("now", now)
                .execute();
    }
}
