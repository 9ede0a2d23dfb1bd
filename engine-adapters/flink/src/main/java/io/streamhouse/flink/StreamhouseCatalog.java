package io.streamhouse.flink;

import io.streamhouse.catalog.Catalog;
import io.streamhouse.catalog.Catalogs;
import io.streamhouse.catalog.Table;
import io.streamhouse.flink.metadata.MetadataTable;
import io.streamhouse.flink.procedure.ProcedureTables;
import io.streamhouse.flink.procedure.Procedures;
import io.streamhouse.flink.table.TableAddress;
import io.streamhouse.read.SnapshotAtTime;
import io.streamhouse.spec.ErrorCode;
import io.streamhouse.spec.ShownUri;
import io.streamhouse.spec.StreamhouseException;
import io.streamhouse.spec.TableName;
import io.streamhouse.spec.option.Options;
import io.streamhouse.spec.table.Snapshot;
import io.streamhouse.spec.type.TableSchema;
import io.streamhouse.write.Extent;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.apache.flink.table.api.TableException;
import org.apache.flink.table.api.ValidationException;
import org.apache.flink.table.catalog.CatalogBaseTable;
import org.apache.flink.table.catalog.CatalogDatabase;
import org.apache.flink.table.catalog.CatalogDatabaseImpl;
import org.apache.flink.table.catalog.CatalogPartitionSpec;
import org.apache.flink.table.catalog.CatalogTable;
import org.apache.flink.table.catalog.ObjectPath;
import org.apache.flink.table.catalog.ResolvedCatalogTable;
import org.apache.flink.table.catalog.TableChange;
import org.apache.flink.table.catalog.exceptions.CatalogException;
import org.apache.flink.table.catalog.exceptions.DatabaseAlreadyExistException;
import org.apache.flink.table.catalog.exceptions.DatabaseNotEmptyException;
import org.apache.flink.table.catalog.exceptions.DatabaseNotExistException;
import org.apache.flink.table.catalog.exceptions.PartitionNotExistException;
import org.apache.flink.table.catalog.exceptions.ProcedureNotExistException;
import org.apache.flink.table.catalog.exceptions.TableAlreadyExistException;
import org.apache.flink.table.catalog.exceptions.TableNotExistException;
import org.apache.flink.table.catalog.stats.CatalogTableStatistics;
import org.apache.flink.table.factories.Factory;
import org.apache.flink.table.procedures.Procedure;

/**
 * Databases and tables of one warehouse in Flink SQL. {@code t$snapshots}, {@code t$files} and their like
 * ({@link MetadataTable}) read what a table consists of. Thread-safe after {@link #open}.
 */
final class StreamhouseCatalog extends TablesOnlyCatalog {
    static final String DEFAULT_DATABASE = "default";

    private final Map<String, String> options;
    private final Procedures procedures;
    private URI warehouse;
    private Map<String, String> storeOptions;
    private Catalog catalog;

    /** @param options of scope catalog, unchecked: {@link #open} does that */
    StreamhouseCatalog(String name, Map<String, String> options) {
        super(name, DEFAULT_DATABASE);
        this.options = Map.copyOf(options);
        this.procedures = Procedures.of(new ProcedureTables(this::table, this::openWarehouse));
    }

    @Override
    public void open() {
        try {
            catalog = CatalogErrors.translated(() -> {
                Options.checkCatalog(options);
                warehouse = warehouse(options.getOrDefault(StreamhouseCatalogFactory.WAREHOUSE.key(), ""));
                Map<String, String> others = new HashMap<>(options);
                others.remove(StreamhouseCatalogFactory.WAREHOUSE.key());
                storeOptions = Map.copyOf(others);
                Catalog opened = openWarehouse();
                if (!opened.databases().contains(DEFAULT_DATABASE)) {
                    opened.createDatabase(DEFAULT_DATABASE, true);
                }
                return opened;
            });
        } catch (CatalogException e) {
            // to a CatalogException CREATE CATALOG adds all its options, the keys of a store among them, for every log
            throw new TableException(e.getMessage(), e.getCause());
        }
    }

    private static URI warehouse(String given) {
        String reason;
        try {
            URI uri = new URI(given.trim());
            if (uri.getScheme() != null) {
                return uri;
            }
            reason = "no scheme";
        } catch (URISyntaxException e) {
            reason = e.getReason(); // its message repeats the text, which may hold a password
        }
        throw new StreamhouseException(
                ErrorCode.BAD_OPTION_VALUE,
                "'warehouse' = '%s' (%s); allowed: a URI such as file:///data/warehouse"
                        .formatted(ShownUri.of(given.trim()), reason));
    }

    private Catalog openWarehouse() {
        return Catalogs.open(warehouse, storeOptions);
    }

    @Override
    public void close() {
        if (catalog != null) {
            CatalogErrors.translated(() -> {
                catalog.close();
                return null;
            });
        }
    }

    @Override
    public Optional<Factory> getFactory() {
        return Optional.of(new StreamhouseTableFactory(this));
    }

    /** Where a table of this catalog is, whichever stands under the name. */
    TableAddress address(String database, String table) {
        return new TableAddress(warehouse.toString(), storeOptions, database, table, "");
    }

    /** The newest state of a table. */
    Table table(TableName name) {
        return CatalogErrors.translated(() -> catalog.table(name));
    }

    @Override
    public List<String> listDatabases() {
        return CatalogErrors.translated(catalog::databases);
    }

    @Override
    public CatalogDatabase getDatabase(String name) throws DatabaseNotExistException {
        if (!databaseExists(name)) {
            throw new DatabaseNotExistException(getName(), name);
        }
        return new CatalogDatabaseImpl(Map.of(), "");
    }

    @Override
    public boolean databaseExists(String name) {
        return listDatabases().contains(name);
    }

    @Override
    public void createDatabase(String name, CatalogDatabase database, boolean ignoreIfExists)
            throws DatabaseAlreadyExistException {
        if (!database.getProperties().isEmpty()) {
            throw new ValidationException("%s: databases have no properties, given: %s"
                    .formatted(
                            ErrorCode.UNKNOWN_OPTION,
                            TableName.printable(
                                    database.getProperties().keySet().toString())));
        }
        if (Optional.ofNullable(database.getComment()).filter(c -> !c.isEmpty()).isPresent()) {
            throw new ValidationException(
                    "%s: databases have no comment (database=%s)".formatted(ErrorCode.UNKNOWN_OPTION, name));
        }
        try {
            CatalogErrors.translated(() -> {
                catalog.createDatabase(name, ignoreIfExists);
                return null;
            });
        } catch (CatalogException e) {
            if (codeOf(e) == ErrorCode.DATABASE_EXISTS) {
                throw new DatabaseAlreadyExistException(getName(), name, e.getCause());
            }
            throw e;
        }
    }

    @Override
    public void dropDatabase(String name, boolean ignoreIfMissing, boolean cascade)
            throws DatabaseNotExistException, DatabaseNotEmptyException {
        try {
            CatalogErrors.translated(() -> {
                catalog.dropDatabase(name, ignoreIfMissing, cascade);
                return null;
            });
        } catch (CatalogException e) {
            if (codeOf(e) == ErrorCode.DATABASE_NOT_FOUND) {
                throw new DatabaseNotExistException(getName(), name, e.getCause());
            }
            if (codeOf(e) == ErrorCode.DATABASE_NOT_EMPTY) {
                throw new DatabaseNotEmptyException(getName(), name, e.getCause());
            }
            throw e;
        }
    }

    @Override
    public List<String> listTables(String database) throws DatabaseNotExistException {
        try {
            return CatalogErrors.translated(() -> catalog.tables(database));
        } catch (CatalogException e) {
            if (codeOf(e) == ErrorCode.DATABASE_NOT_FOUND) {
                throw new DatabaseNotExistException(getName(), database, e.getCause());
            }
            throw e;
        }
    }

    @Override
    public boolean tableExists(ObjectPath path) {
        Optional<MetadataTable> metadata = MetadataTable.of(path.getObjectName());
        String table = metadata.map(m -> m.base(path.getObjectName())).orElse(path.getObjectName());
        return isName(path.getDatabaseName())
                && isName(table)
                && CatalogErrors.translated(() -> catalog.tableExists(TableName.of(path.getDatabaseName(), table)));
    }

    /** A name that no table can have is not an error when Flink looks for one. */
    private static boolean isName(String text) {
        try {
            TableName.checkName("table", text);
            return true;
        } catch (StreamhouseException e) {
            return false;
        }
    }

    @Override
    public CatalogBaseTable getTable(ObjectPath path) throws TableNotExistException {
        Optional<MetadataTable> metadata = MetadataTable.of(path.getObjectName());
        if (metadata.isPresent()) {
            existing(new ObjectPath(path.getDatabaseName(), metadata.get().base(path.getObjectName())));
            return CatalogTable.newBuilder()
                    .schema(metadata.get().schema())
                    .options(Map.of())
                    .build();
        }
        TableSchema schema = existing(path).schema();
        return TableDefinition.toCatalogTable(schema, schema.options(), Optional.empty());
    }

    @Override
    public CatalogBaseTable getTable(ObjectPath path, long timestampMillis) throws TableNotExistException {
        Table table = existing(path);
        return CatalogErrors.translated(() -> {
            Snapshot snapshot = SnapshotAtTime.of(table, timestampMillis);
            TableSchema schema = table.schema(snapshot.header().schemaId());
            return TableDefinition.toCatalogTable(
                    schema, StatementOptions.at(schema.options(), snapshot.id()), Optional.of(snapshot.id()));
        });
    }

    private Table existing(ObjectPath path) throws TableNotExistException {
        if (!isName(path.getDatabaseName()) || !isName(path.getObjectName())) {
            throw new TableNotExistException(getName(), path);
        }
        try {
            return table(TableName.of(path.getDatabaseName(), path.getObjectName()));
        } catch (CatalogException e) {
            throw missingTable(path, e);
        }
    }

    private TableNotExistException missingTable(ObjectPath path, CatalogException e) {
        if (codeOf(e) == ErrorCode.TABLE_NOT_FOUND || codeOf(e) == ErrorCode.DATABASE_NOT_FOUND) {
            return new TableNotExistException(getName(), path, e.getCause());
        }
        throw e;
    }

    @Override
    public void createTable(ObjectPath path, CatalogBaseTable table, boolean ignoreIfExists)
            throws TableAlreadyExistException, DatabaseNotExistException {
        if (!(table instanceof ResolvedCatalogTable resolved)) {
            throw new ValidationException("%s: catalog %s holds tables only; write CREATE TEMPORARY VIEW for '%s'"
                    .formatted(ErrorCode.UNSUPPORTED_TYPE, getName(), TableName.printable(path.getFullName())));
        }
        try {
            CatalogErrors.translated(() -> {
                TableName name = TableName.of(path.getDatabaseName(), path.getObjectName());
                return catalog.createTable(name, TableDefinition.toSchema(resolved));
            });
        } catch (CatalogException e) {
            if (codeOf(e) == ErrorCode.TABLE_EXISTS) {
                if (!ignoreIfExists) {
                    throw new TableAlreadyExistException(getName(), path, e.getCause());
                }
            } else if (codeOf(e) == ErrorCode.DATABASE_NOT_FOUND) {
                throw new DatabaseNotExistException(getName(), path.getDatabaseName(), e.getCause());
            } else {
                throw e;
            }
        }
    }

    @Override
    public void dropTable(ObjectPath path, boolean ignoreIfMissing) throws TableNotExistException {
        try {
            CatalogErrors.translated(() -> {
                catalog.dropTable(TableName.of(path.getDatabaseName(), path.getObjectName()), ignoreIfMissing);
                return null;
            });
        } catch (CatalogException e) {
            throw missingTable(path, e);
        }
    }

    @Override
    public void alterTable(
            ObjectPath path, CatalogBaseTable newTable, List<TableChange> changes, boolean ignoreIfMissing)
            throws TableNotExistException {
        Map<String, String> set = new HashMap<>();
        Set<String> remove = new HashSet<>();
        for (TableChange change : changes) {
            if (change instanceof TableChange.SetOption option) {
                set.put(option.getKey(), option.getValue());
            } else if (change instanceof TableChange.ResetOption option) {
                remove.add(option.getKey());
            } else {
                throw new ValidationException("%s: ALTER TABLE can only SET and RESET options, not %s"
                        .formatted(ErrorCode.UNSUPPORTED_TYPE, change.getClass().getSimpleName()));
            }
        }
        alterOptions(path, set, remove, ignoreIfMissing);
    }

    @Override
    public void alterTable(ObjectPath path, CatalogBaseTable newTable, boolean ignoreIfMissing)
            throws TableNotExistException {
        Map<String, String> before = existing(path).schema().options();
        Set<String> remove = new HashSet<>(before.keySet());
        remove.removeAll(newTable.getOptions().keySet());
        Map<String, String> set = new HashMap<>(newTable.getOptions());
        set.entrySet().removeAll(before.entrySet());
        alterOptions(path, set, remove, ignoreIfMissing);
    }

    private void alterOptions(ObjectPath path, Map<String, String> set, Set<String> remove, boolean ignoreIfMissing)
            throws TableNotExistException {
        try {
            CatalogErrors.translated(() -> {
                Options.check(set);
                for (String key : remove) {
                    Options.find(key);
                }
                TableName name = TableName.of(path.getDatabaseName(), path.getObjectName());
                if (!ignoreIfMissing || catalog.tableExists(name)) {
                    catalog.alterOptions(name, set, remove);
                }
                return null;
            });
        } catch (CatalogException e) {
            throw missingTable(path, e);
        }
    }

    @Override
    public CatalogTableStatistics getTableStatistics(ObjectPath path) throws TableNotExistException {
        if (MetadataTable.of(path.getObjectName()).isPresent()) {
            return CatalogTableStatistics.UNKNOWN;
        }
        Table table = existing(path);
        return CatalogErrors.translated(() -> table.snapshots()
                .latest()
                .map(s -> new CatalogTableStatistics(s.totals().rowCount(), 0, 0, 0))
                .orElse(CatalogTableStatistics.UNKNOWN));
    }

    /** Rows of a partition go; columns that the statement leaves out may have any value. */
    @Override
    public void dropPartition(ObjectPath path, CatalogPartitionSpec spec, boolean ignoreIfMissing)
            throws PartitionNotExistException {
        boolean dropped;
        try {
            Table table = existing(path);
            dropped = CatalogErrors.translated(() -> Removals.publish(
                    table, new Extent.Partitions(PartitionText.values(table.schema(), spec.getPartitionSpec()))));
        } catch (TableNotExistException e) {
            throw new PartitionNotExistException(getName(), path, spec, e);
        }
        if (!dropped && !ignoreIfMissing) {
            throw new PartitionNotExistException(getName(), path, spec);
        }
    }

    @Override
    public List<String> listProcedures(String database) throws DatabaseNotExistException {
        if (!database.equals(Procedures.DATABASE) && !databaseExists(database)) {
            throw new DatabaseNotExistException(getName(), database);
        }
        return procedures.names(database);
    }

    @Override
    public Procedure getProcedure(ObjectPath path) throws ProcedureNotExistException {
        return procedures
                .find(path.getDatabaseName(), path.getObjectName())
                .orElseThrow(() -> new ProcedureNotExistException(getName(), path));
    }

    private static ErrorCode codeOf(CatalogException e) {
        return e.getCause() instanceof StreamhouseException s ? s.code() : null;
    }
}
