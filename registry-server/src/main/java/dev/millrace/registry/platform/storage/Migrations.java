package dev.millrace.registry.platform.storage;

import dev.millrace.registry.platform.error.ErrorKind;
import dev.millrace.registry.platform.error.MillraceException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Clock;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;

/**
 * Numbered SQL files, applied in order, each in one transaction, forward only. A file that was applied is never edited:
 * its digest is kept and compared. See docs/decisions/0200 for why this is not a library.
 */
final class Migrations {
    /** In order; the number before the underscore is the version. */
    private static final List<String> FILES = List.of(
            "0001_first.sql",
            "0002_webhooks.sql",
            "0003_deleted_at.sql",
            "0004_access.sql",
            "0005_comments.sql",
            "0006_audit_chain.sql",
            "0007_token_scopes.sql",
            "0008_drift.sql",
            "0009_lineage.sql",
            "0010_tasks.sql");

    private static final Pattern END = Pattern.compile(";\\s*\n");
    private static final Pattern COMMENT = Pattern.compile("(?m)^--.*$");

    private final Dialect dialect;
    private final Clock clock;

    Migrations(Dialect dialect, Clock clock) {
        this.dialect = dialect;
        this.clock = clock;
    }

    void run(Jdbi jdbi) {
        jdbi.useTransaction(
                tx -> tx.execute(
                        """
                CREATE TABLE IF NOT EXISTS schema_version (
                  version INTEGER NOT NULL PRIMARY KEY, name TEXT NOT NULL, sha256 TEXT NOT NULL, applied_at BIGINT NOT NULL)"""));
        Map<Integer, String> applied = jdbi.withHandle(Migrations::applied);
        applied.keySet().stream()
                .filter(version -> version > newest())
                .findFirst()
                .ifPresent(version -> {
                    throw new MillraceException(
                            ErrorKind.CONFIG,
                            "The database has schema version " + version + ", this server knows " + newest()
                                    + ". Start the newer server that wrote it; there is no way back.");
                });
        for (String file : FILES) {
            String sql = resource(file);
            String digest = sha256(sql);
            String before = applied.get(version(file));
            if (before == null) apply(jdbi, file, sql, digest);
            else if (!before.equals(digest)) throw changed(file);
        }
    }

    /** The schema version this server knows. */
    static int newest() {
        return version(FILES.get(FILES.size() - 1));
    }

    private static int version(String file) {
        return Integer.parseInt(file.substring(0, file.indexOf('_')));
    }

    private static Map<Integer, String> applied(Handle handle) {
        return handle
                .createQuery("SELECT version, sha256 FROM schema_version ORDER BY version")
                .map((row, context) -> Map.entry(row.getInt("version"), row.getString("sha256")))
                .list()
                .stream()
                .collect(Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue));
    }

    private void apply(Jdbi jdbi, String file, String sql, String digest) {
        jdbi.useTransaction(tx -> {
            String ready = dialect.ddl(sql).replace("${now}", String.valueOf(clock.millis()));
            for (String statement : END.split(COMMENT.matcher(ready).replaceAll(""), -1)) {
                if (!statement.isBlank()) tx.execute(statement);
            }
            tx.createUpdate("INSERT INTO schema_version VALUES (:version, :name, :sha256, :at)")
                    .bind("version", version(file))
                    .bind("name", file)
                    .bind("sha256", digest)
                    .bind("at", clock.millis())
                    .execute();
        });
    }

    private static MillraceException changed(String file) {
        return new MillraceException(
                ErrorKind.CONFIG,
                "Migration " + file + " of the database differs from this server's file of that"
                        + " name: the database was made by another build. Start that build, or use another `--home`.");
    }

    private static String resource(String file) {
        try (InputStream in = Migrations.class.getResourceAsStream("/db/" + file)) {
            if (in == null) throw new IllegalStateException("No resource /db/" + file);
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException unreadable) {
            throw new IllegalStateException("Resource /db/" + file + " cannot be read", unreadable);
        }
    }

    private static String sha256(String text) {
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            return HexFormat.of().formatHex(digest.digest(text.getBytes(StandardCharsets.UTF_8)));
        } catch (NoSuchAlgorithmException impossible) {
            throw new AssertionError(impossible);
        }
    }
}
