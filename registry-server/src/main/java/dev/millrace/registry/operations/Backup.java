package dev.millrace.registry.operations;

import dev.millrace.registry.platform.error.ErrorKind;
import dev.millrace.registry.platform.error.MillraceException;
import dev.millrace.registry.platform.http.StrictJson;
import dev.millrace.registry.platform.storage.Attachment;
import dev.millrace.registry.platform.storage.Database;
import dev.millrace.registry.platform.storage.Place;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Clock;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Copies a registry, database and artifacts, while its server runs. The tables are those of one moment; artifacts are
 * copied after it, so each file that a run had at that moment is there, and perhaps some of later ones. The copy is read
 * again and compared before it gets its name.
 *
 * <p>The format is {@link BackupFolder}'s: the tables are always a SQLite file, which any tool can open and check, and
 * which can be restored to either database (docs/decisions/0205).
 */
public final class Backup {
    private final Place place;
    private final Path home;
    private final Clock clock;

    /** @param home {@code HOME/registry} */
    public Backup(Place place, Path home, Clock clock) {
        this.place = place;
        this.home = home;
        this.clock = clock;
    }

    /**
     * What was copied.
     *
     * @param rows of all tables
     * @param files digests written
     * @param artifactBytes of the artifacts alone
     */
    public record Report(Path target, long rows, int files, long artifactBytes) {}

    /**
     * Makes the backup.
     *
     * @param target a folder that is not there yet
     * @param version of this program, for the record
     * @throws MillraceException USAGE when {@code target} is there; NOT_FOUND when there is no registry; OUTPUT_UNWRITABLE
     */
    public Report make(Path target, String version) {
        Path whole = target.toAbsolutePath().normalize();
        if (Files.exists(whole)) {
            throw MillraceException.invalid(
                    "`" + whole + "` is there already. A backup makes its own folder: name another.");
        }
        Path part = whole.resolveSibling(whole.getFileName() + ".part");
        try (Attachment source = Attachment.open(place)) {
            Folders.delete(part); // of a backup that broke off
            Files.createDirectories(part);
            BackupFolder folder = new BackupFolder(part);
            Map<String, Long> rows = source.isPostgres() ? exported(source, folder) : vacuumed(source, folder);
            Files.write(part.resolve(BackupFolder.FACTS), StrictJson.bytes(facts(source, version, rows)));
            folder.add(BackupFolder.DATABASE);
            folder.add(BackupFolder.FACTS);
            folder.addSecret(home, BackupFolder.WEBHOOK_KEY);
            long bytes = folder.addArtifacts(home.resolve(BackupFolder.ARTIFACTS));
            folder.seal();
            BackupFolder.verified(part);
            Files.move(part, whole);
            return new Report(
                    whole, rows.values().stream().mapToLong(Long::longValue).sum(), folder.files(), bytes);
        } catch (IOException denied) {
            throw new MillraceException(
                    ErrorKind.OUTPUT_UNWRITABLE,
                    "The backup `" + whole + "` cannot be written: " + denied.getMessage()
                            + ". What is there of it ends in .part and can be deleted.",
                    denied);
        } catch (SQLException failed) {
            throw new IllegalStateException("The tables of " + place.shown() + " cannot be copied", failed);
        }
    }

    private Map<String, Object> facts(Attachment source, String version, Map<String, Long> rows) {
        Map<String, Object> facts = new LinkedHashMap<>();
        facts.put("format", 1);
        facts.put("version", version);
        facts.put("schema_version", source.schemaVersion().orElseThrow());
        facts.put("made_at", clock.millis());
        facts.put("database", source.isPostgres() ? "postgresql" : "sqlite");
        facts.put("rows", rows);
        return facts;
    }

    /** SQLite's own copy of one snapshot; writers go on meanwhile. */
    private static Map<String, Long> vacuumed(Attachment source, BackupFolder folder) throws SQLException {
        Path copy = folder.path(BackupFolder.DATABASE);
        try (PreparedStatement vacuum = source.connection().prepareStatement("VACUUM INTO ?")) {
            vacuum.setString(1, copy.toString());
            vacuum.execute();
        }
        try (Attachment check = Attachment.connect(new Place.SqliteFile(copy))) {
            requireSound(check.connection());
            return TableCopy.count(check.connection(), TableCopy.tables(check.connection()));
        } finally {
            removeLog(copy);
        }
    }

    /** All tables in one REPEATABLE READ transaction. */
    private Map<String, Long> exported(Attachment source, BackupFolder folder) throws SQLException {
        Path copy = folder.path(BackupFolder.DATABASE);
        Place.SqliteFile file = new Place.SqliteFile(copy);
        Database.open(file, clock).close(); // makes the tables
        try (Attachment target = Attachment.connect(file)) {
            List<TableCopy.Table> tables = TableCopy.tables(target.connection());
            Map<String, Long> rows = source.read(from -> target.write(to -> {
                try {
                    Map<String, Long> copied = TableCopy.copy(from.getConnection(), to.getConnection(), tables);
                    TableCopy.countersToSqlite(from.getConnection(), to.getConnection(), tables);
                    return copied;
                } catch (SQLException failed) {
                    throw new IllegalStateException(failed);
                }
            }));
            requireSound(target.connection());
            if (!TableCopy.count(target.connection(), tables).equals(rows)) {
                throw new IllegalStateException("The copy has other rows than " + place.shown() + ": " + rows);
            }
            return rows;
        } finally {
            removeLog(copy);
        }
    }

    /** @throws MillraceException INPUT_UNREADABLE with what SQLite found */
    static void requireSound(Connection sqlite) throws SQLException {
        List<String> said = TableCopy.column(sqlite, "PRAGMA integrity_check", "integrity_check");
        List<String> dangling = TableCopy.column(sqlite, "PRAGMA foreign_key_check", "table");
        if (said.equals(List.of("ok")) && dangling.isEmpty()) return;
        throw new MillraceException(
                ErrorKind.INPUT_UNREADABLE,
                "The database is not sound: " + said + (dangling.isEmpty() ? "" : ", rows without owner in " + dangling)
                        + ". Keep it as it is, and restore an older backup.");
    }

    /** Closing the last connection empties the log into the file; the empty ones need not stay. */
    private static void removeLog(Path database) {
        for (String end : List.of("-wal", "-shm")) {
            try {
                Files.deleteIfExists(Path.of(database + end));
            } catch (IOException left) {
                // Empty, and outside of the digests: harmless.
            }
        }
    }
}
