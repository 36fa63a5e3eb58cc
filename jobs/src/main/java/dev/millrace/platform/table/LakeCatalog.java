package dev.millrace.platform.table;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.catalyst.analysis.NoSuchNamespaceException;
import org.apache.spark.sql.catalyst.analysis.NoSuchTableException;
import org.apache.spark.sql.connector.catalog.Identifier;
import org.apache.spark.sql.connector.catalog.NamespaceChange;
import org.apache.spark.sql.connector.catalog.SupportsNamespaces;
import org.apache.spark.sql.connector.catalog.Table;
import org.apache.spark.sql.connector.catalog.TableCatalog;
import org.apache.spark.sql.connector.catalog.TableChange;
import org.apache.spark.sql.util.CaseInsensitiveStringMap;

/**
 * A lake of folders as a Spark catalog that can only be read: {@code raw.x} is the Delta table {@code <root>/raw/x}.
 * Nothing is registered anywhere; every name is looked up in the folders when a query asks for it. Spark makes it by
 * its name in {@code spark.sql.catalog.*}; {@link #session} sets that.
 */
public final class LakeCatalog implements TableCatalog, SupportsNamespaces {
    private static final String NAME = "lake";

    private String name = NAME;
    private String root = "";

    /** A session of its own in which the names of {@code lake} stand for its tables. */
    public static SparkSession session(Lake lake) {
        SparkSession session = lake.spark().newSession();
        if (lake.catalog().isPresent()) {
            session.conf().set("spark.sql.defaultCatalog", lake.catalog().get());
            return session;
        }
        session.conf().set("spark.sql.catalog." + NAME, LakeCatalog.class.getName());
        session.conf().set("spark.sql.catalog." + NAME + ".root", lake.root());
        session.conf().set("spark.sql.defaultCatalog", NAME);
        return session;
    }

    @Override
    public void initialize(String catalog, CaseInsensitiveStringMap options) {
        name = catalog;
        root = options.get("root");
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public Identifier[] listTables(String[] namespace) throws NoSuchNamespaceException {
        loadNamespaceMetadata(namespace);
        return tables().stream()
                .filter(table -> table.schema().equals(namespace[0]))
                .map(table -> Identifier.of(namespace, table.table()))
                .toArray(Identifier[]::new);
    }

    @Override
    public Table loadTable(Identifier identifier) throws NoSuchTableException {
        return delta().loadTable(folder(identifier));
    }

    @Override
    public Table loadTable(Identifier identifier, String version) throws NoSuchTableException {
        return delta().loadTable(folder(identifier), version);
    }

    @Override
    public Table loadTable(Identifier identifier, long timestampMicros) throws NoSuchTableException {
        return delta().loadTable(folder(identifier), timestampMicros);
    }

    /** The table as Delta's own catalog names it: {@code delta.`/folder`}. */
    private Identifier folder(Identifier identifier) throws NoSuchTableException {
        Optional<TableName> table = identifier.namespace().length != 1
                ? Optional.empty()
                : tables().stream()
                        .filter(known ->
                                known.schema().equalsIgnoreCase(identifier.namespace()[0])
                                        && known.table().equalsIgnoreCase(identifier.name()))
                        .findFirst();
        if (table.isEmpty()) throw new NoSuchTableException(identifier);
        return Identifier.of(new String[] {"delta"}, lake().locate(table.get()));
    }

    private static TableCatalog delta() {
        var session = (org.apache.spark.sql.classic.SparkSession) SparkSession.active();
        return (TableCatalog) session.sessionState().catalogManager().catalog("spark_catalog");
    }

    private Lake lake() {
        return new Lake(SparkSession.active(), root, Optional.empty());
    }

    private List<TableName> tables() {
        return lake().names();
    }

    @Override
    public String[][] listNamespaces() {
        return tables().stream()
                .map(TableName::schema)
                .distinct()
                .map(schema -> new String[] {schema})
                .toArray(String[][]::new);
    }

    @Override
    public String[][] listNamespaces(String[] namespace) throws NoSuchNamespaceException {
        if (namespace.length == 0) return listNamespaces();
        loadNamespaceMetadata(namespace);
        return new String[0][];
    }

    @Override
    public Map<String, String> loadNamespaceMetadata(String[] namespace) throws NoSuchNamespaceException {
        boolean there = namespace.length == 1
                && Arrays.stream(listNamespaces()).anyMatch(schema -> schema[0].equals(namespace[0]));
        if (!there) throw new NoSuchNamespaceException(namespace);
        return Map.of();
    }

    @Override
    public Table alterTable(Identifier identifier, TableChange... changes) {
        throw readOnly();
    }

    @Override
    public boolean dropTable(Identifier identifier) {
        throw readOnly();
    }

    @Override
    public void renameTable(Identifier from, Identifier to) {
        throw readOnly();
    }

    @Override
    public void createNamespace(String[] namespace, Map<String, String> metadata) {
        throw readOnly();
    }

    @Override
    public void alterNamespace(String[] namespace, NamespaceChange... changes) {
        throw readOnly();
    }

    @Override
    public boolean dropNamespace(String[] namespace, boolean cascade) {
        throw readOnly();
    }

    private static UnsupportedOperationException readOnly() {
        return new UnsupportedOperationException("This catalog is read-only; only jobs write tables");
    }
}
