package dev.millrace.registry.operations;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Streams all rows from one of our databases to another, either of which may be PostgreSQL. The tables, their columns and
 * their order come from the SQLite side, so a migration that adds a table needs no change here. Also moves the counters of
 * growing ids: an id that was given once, even to a row removed since, is not given again.
 */
final class TableCopy {
    private static final int BATCH = 1_000;
    private static final int FETCH = 10_000;
    /** Of tables with byte strings, which may be as long as a request's body. */
    private static final int FEW = 50;

    private TableCopy() {}

    /**
     * A table.
     *
     * @param counted whether its {@code id} grows by itself
     * @param large whether it has a column of byte strings
     */
    record Table(String name, List<String> columns, boolean counted, boolean large) {
        private String columnList() {
            return String.join(", ", columns);
        }
    }

    /** Every table but {@code schema_version}, owners before what refers to them. */
    static List<Table> tables(Connection sqlite) throws SQLException {
        Map<String, Boolean> counted = new LinkedHashMap<>();
        try (Statement statement = sqlite.createStatement();
                ResultSet rows = statement.executeQuery(
                        """
                        SELECT name, sql LIKE '%AUTOINCREMENT%' AS counted FROM sqlite_master
                        WHERE type = 'table' AND name NOT LIKE 'sqlite_%' AND name <> 'schema_version' ORDER BY rowid""")) {
            while (rows.next()) counted.put(rows.getString("name"), rows.getBoolean("counted"));
        }
        Set<String> ordered = new LinkedHashSet<>();
        for (String name : counted.keySet()) addAfterOwners(sqlite, name, ordered);
        List<Table> tables = new ArrayList<>();
        for (String name : ordered) {
            String info = "PRAGMA table_info(" + name + ")";
            boolean large = column(sqlite, info, "type").contains("BLOB");
            tables.add(new Table(name, column(sqlite, info, "name"), counted.get(name), large));
        }
        return tables;
    }

    private static void addAfterOwners(Connection sqlite, String name, Set<String> ordered) throws SQLException {
        if (ordered.contains(name)) return;
        for (String owner : column(sqlite, "PRAGMA foreign_key_list(" + name + ")", "table")) {
            if (!owner.equals(name)) addAfterOwners(sqlite, owner, ordered);
        }
        ordered.add(name);
    }

    static List<String> column(Connection connection, String sql, String name) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(sql)) {
            List<String> values = new ArrayList<>();
            while (rows.next()) values.add(rows.getString(name));
            return values;
        }
    }

    /**
     * Replaces all rows of {@code to} by those of {@code from}, within the transactions both connections are in.
     *
     * @return rows by table
     */
    static Map<String, Long> copy(Connection from, Connection to, List<Table> tables) throws SQLException {
        List<Table> reversed = new ArrayList<>(tables);
        Collections.reverse(reversed);
        try (Statement statement = to.createStatement()) {
            for (Table table : reversed) statement.executeUpdate("DELETE FROM " + table.name());
        }
        Map<String, Long> copied = new LinkedHashMap<>();
        for (Table table : tables) copied.put(table.name(), copy(from, to, table));
        return copied;
    }

    private static long copy(Connection from, Connection to, Table table) throws SQLException {
        String marks = table.columns().stream().map(column -> "?").collect(Collectors.joining(", "));
        long count = 0;
        try (Statement read = from.createStatement();
                PreparedStatement write = to.prepareStatement(
                        "INSERT INTO " + table.name() + " (" + table.columnList() + ") VALUES (" + marks + ")")) {
            read.setFetchSize(table.large() ? FEW : FETCH);
            try (ResultSet rows = read.executeQuery("SELECT " + table.columnList() + " FROM " + table.name())) {
                while (rows.next()) {
                    for (int i = 1; i <= table.columns().size(); i++) write.setObject(i, rows.getObject(i));
                    write.addBatch();
                    if (++count % (table.large() ? FEW : BATCH) == 0) write.executeBatch();
                }
            }
            write.executeBatch();
        }
        return count;
    }

    /** Rows by table. */
    static Map<String, Long> count(Connection connection, List<Table> tables) throws SQLException {
        Map<String, Long> counted = new LinkedHashMap<>();
        for (Table table : tables) {
            String count = column(connection, "SELECT COUNT(*) AS n FROM " + table.name(), "n")
                    .get(0);
            counted.put(table.name(), Long.valueOf(count));
        }
        return counted;
    }

    /** Sets the counters of a SQLite file to those of PostgreSQL. */
    static void countersToSqlite(Connection postgres, Connection sqlite, List<Table> tables) throws SQLException {
        try (PreparedStatement forget = sqlite.prepareStatement("DELETE FROM sqlite_sequence WHERE name = ?");
                PreparedStatement set =
                        sqlite.prepareStatement("INSERT INTO sqlite_sequence (name, seq) VALUES (?, ?)")) {
            for (Table table : tables) {
                if (!table.counted()) continue;
                String sequence = column(
                                postgres, "SELECT pg_get_serial_sequence('" + table.name() + "', 'id') AS name", "name")
                        .get(0);
                String last = column(
                                postgres,
                                "SELECT CASE WHEN is_called THEN last_value ELSE 0 END AS seq FROM " + sequence,
                                "seq")
                        .get(0);
                forget.setString(1, table.name());
                forget.executeUpdate();
                set.setString(1, table.name());
                set.setLong(2, Long.parseLong(last));
                set.executeUpdate();
            }
        }
    }

    /** Sets PostgreSQL's counters to those of a SQLite file. */
    static void countersToPostgres(Connection sqlite, Connection postgres, List<Table> tables) throws SQLException {
        try (PreparedStatement last = sqlite.prepareStatement("SELECT seq FROM sqlite_sequence WHERE name = ?");
                PreparedStatement set =
                        postgres.prepareStatement("SELECT setval(pg_get_serial_sequence(?, 'id'), ?, true)")) {
            for (Table table : tables) {
                if (!table.counted()) continue;
                last.setString(1, table.name());
                try (ResultSet rows = last.executeQuery()) {
                    if (!rows.next() || rows.getLong(1) < 1) continue; // nothing was given yet
                    set.setString(1, table.name());
                    set.setLong(2, rows.getLong(1));
                }
                set.execute();
            }
        }
    }
}
