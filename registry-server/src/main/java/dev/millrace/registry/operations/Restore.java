package dev.millrace.registry.operations;

import dev.millrace.registry.platform.error.ErrorKind;
import dev.millrace.registry.platform.error.MillraceException;
import dev.millrace.registry.platform.storage.Attachment;
import dev.millrace.registry.platform.storage.Database;
import dev.millrace.registry.platform.storage.Place;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Clock;
import java.util.List;
import java.util.Map;

/**
 * Makes a registry from a backup: in a home without one, on SQLite or in an empty PostgreSQL database, whichever of the
 * two the backup came from. The caller holds the home's lock.
 */
public final class Restore {
    private final Place place;
    private final Path folder;
    private final Clock clock;

    /** @param folder {@code HOME/registry} */
    public Restore(Place place, Path folder, Clock clock) {
        this.place = place;
        this.folder = folder;
        this.clock = clock;
    }

    /** What was restored. */
    public record Report(long rows, int files) {}

    /**
     * Checks every digest, then copies.
     *
     * @throws MillraceException USAGE when the home or the database has a registry already; INPUT_UNREADABLE when the
     *     backup is damaged; CONFIG when a newer server made it
     */
    public Report from(Path source) {
        Path artifacts = folder.resolve("artifacts");
        try {
            requireEmpty(artifacts);
            BackupFolder backup = BackupFolder.verified(source.toAbsolutePath().normalize());
            Files.writeString(begun(), source + "\n");
            backup.copySecretTo(folder, BackupFolder.WEBHOOK_KEY);
            Path part = folder.resolve("artifacts.part");
            Folders.delete(part);
            Files.createDirectories(part);
            backup.copyArtifactsTo(part);
            Folders.delete(artifacts);
            Files.move(part, artifacts, StandardCopyOption.ATOMIC_MOVE);
            Report report = new Report(tablesOrNothing(backup, artifacts), backup.files());
            Files.delete(begun());
            return report;
        } catch (IOException denied) {
            throw new MillraceException(
                    ErrorKind.OUTPUT_UNWRITABLE,
                    "The home `" + folder.getParent() + "` cannot be restored: " + denied.getMessage() + ".",
                    denied);
        } catch (SQLException failed) {
            throw new IllegalStateException("The tables of " + source + " cannot be copied", failed);
        }
    }

    /** Is there from the first byte to the last: what lies beside it is a restore's that was killed, and may go. */
    private Path begun() {
        return folder.resolve("restoring");
    }

    private void requireEmpty(Path artifacts) throws IOException {
        boolean files = !Folders.isEmpty(artifacts) && !Files.exists(begun());
        boolean taken = files || Files.exists(folder.resolve(BackupFolder.DATABASE));
        if (!taken && place instanceof Place.Postgres) {
            try (Attachment there = Attachment.connect(place)) {
                taken = there.schemaVersion().isPresent() && !(Files.exists(begun()) && holdsNothing(there));
            }
        }
        if (!taken) return;
        throw MillraceException.invalid("`" + folder.getParent() + "` or its database " + place.shown()
                + " holds a registry already. Restore into an empty home, with an empty database.");
    }

    /** Whether there are tables and nothing in them, as a restore leaves them that was killed before it had copied. */
    private static boolean holdsNothing(Attachment there) {
        return there.read(tx -> tx.createQuery(
                        """
                        SELECT NOT EXISTS (SELECT 1 FROM runs) AND NOT EXISTS (SELECT 1 FROM registered_models)
                          AND NOT EXISTS (SELECT 1 FROM logged_models) AND NOT EXISTS (SELECT 1 FROM users)
                          AND (SELECT COUNT(*) FROM experiments) <= 1""")
                .mapTo(Boolean.class)
                .one());
    }

    /** The tables come last: a registry that has them has its files, too. Refused, they take the files with them. */
    private long tablesOrNothing(BackupFolder backup, Path artifacts) throws IOException, SQLException {
        try {
            return tables(backup);
        } catch (IOException | SQLException | RuntimeException refused) {
            Folders.delete(artifacts);
            Files.deleteIfExists(begun());
            throw refused;
        }
    }

    private long tables(BackupFolder backup) throws IOException, SQLException {
        Path copy = folder.resolve(BackupFolder.DATABASE + ".part");
        Files.copy(backup.path(BackupFolder.DATABASE), copy, StandardCopyOption.REPLACE_EXISTING);
        Place.SqliteFile file = new Place.SqliteFile(copy);
        Database.open(file, clock).close(); // an older backup gets today's tables; a newer one is refused
        long rows;
        try (Attachment restored = Attachment.open(file)) {
            Backup.requireSound(restored.connection());
            List<TableCopy.Table> all = TableCopy.tables(restored.connection());
            Map<String, Long> counted = TableCopy.count(restored.connection(), all);
            rows = counted.values().stream().mapToLong(Long::longValue).sum();
            if (place instanceof Place.Postgres) toPostgres(restored, all, counted);
        }
        if (place instanceof Place.SqliteFile target) {
            BackupFolder.sync(copy);
            Files.move(copy, target.file(), StandardCopyOption.ATOMIC_MOVE);
            BackupFolder.sync(target.file().getParent());
        }
        for (String end : List.of("", "-wal", "-shm")) Files.deleteIfExists(Path.of(copy + end));
        return rows;
    }

    private void toPostgres(Attachment from, List<TableCopy.Table> tables, Map<String, Long> expected) {
        Database.open(place, clock).close(); // makes the tables, and sees that no server is there
        try (Attachment to = Attachment.open(place)) {
            to.write(tx -> {
                Connection target = tx.getConnection();
                try {
                    TableCopy.copy(from.connection(), target, tables);
                    TableCopy.countersToPostgres(from.connection(), target, tables);
                    tx.execute("ANALYZE"); // searches would go astray until autovacuum does it
                    Map<String, Long> there = TableCopy.count(target, tables);
                    if (!there.equals(expected)) {
                        throw new IllegalStateException("Rows after the copy: " + there + ", before: " + expected);
                    }
                    return null;
                } catch (SQLException failed) {
                    throw new IllegalStateException(failed);
                }
            });
        }
    }
}
