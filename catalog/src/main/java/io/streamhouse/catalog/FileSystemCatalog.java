package io.streamhouse.catalog;

import io.streamhouse.catalog.tree.MetadataCache;
import io.streamhouse.spec.ErrorCode;
import io.streamhouse.spec.StreamhouseException;
import io.streamhouse.spec.TableName;
import io.streamhouse.spec.option.Options;
import io.streamhouse.spec.option.TableOptions;
import io.streamhouse.spec.type.SchemaFile;
import io.streamhouse.spec.type.TableSchema;
import io.streamhouse.storage.Components;
import io.streamhouse.storage.Mark;
import io.streamhouse.storage.ObjectInfo;
import io.streamhouse.storage.ObjectPath;
import io.streamhouse.storage.ObjectStore;
import io.streamhouse.storage.ScopedObjectStore;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.Executor;

/** {@code <database>.db/database.json} and {@code <database>.db/<table>/schema/0.json} in one store. */
final class FileSystemCatalog implements Catalog {
    private static final String DATABASE_SUFFIX = ".db";
    private static final int MAX_ALTER_TRIES = 100;

    private final Components components;
    private final ObjectStore store;
    private final boolean ownsStore;
    private final Optional<Executor> racers;
    private final Protections protections;
    private final SnapshotDecoder decoder;
    private final MetadataCache cache = new MetadataCache();

    /** A catalog in a world that others own; new tables are probed without races, which no simulation could repeat. */
    FileSystemCatalog(Components components, Protections protections, SnapshotDecoder decoder) {
        this(components, false, Optional.empty(), protections, decoder);
    }

    /**
     * @param ownsStore whether the store is closed with the catalog
     * @param racers see {@link CommitProbe}
     */
    FileSystemCatalog(
            Components components,
            boolean ownsStore,
            Optional<Executor> racers,
            Protections protections,
            SnapshotDecoder decoder) {
        this.components = components;
        this.store = components.store();
        this.ownsStore = ownsStore;
        this.racers = racers;
        this.protections = protections;
        this.decoder = decoder;
    }

    @Override
    public List<String> databases() throws IOException {
        List<String> names = new ArrayList<>();
        for (String directory : store.listDirectories("")) {
            if (directory.endsWith(DATABASE_SUFFIX)) {
                String name = directory.substring(0, directory.length() - DATABASE_SUFFIX.length());
                if (isName(name) && databaseExists(name)) {
                    names.add(name);
                }
            }
        }
        return names.stream().sorted().toList();
    }

    private static boolean isName(String text) {
        try {
            TableName.checkName("object", text);
            return true;
        } catch (StreamhouseException e) {
            return false; // somebody else's directory
        }
    }

    private boolean databaseExists(String name) throws IOException {
        return store.size(marker(name)) >= 0;
    }

    private static String marker(String database) {
        return database + DATABASE_SUFFIX + "/database.json";
    }

    @Override
    public void createDatabase(String name, boolean ignoreIfExists) throws IOException {
        TableName.checkName("database", name);
        refuseCaseClash("database", name, databases());
        String record = "{\"format-version\":1,\"uuid\":\"%s\"}\n"
                .formatted(components.ids().next());
        boolean created = CreateOnce.create(store, marker(name), record.getBytes(StandardCharsets.UTF_8));
        if (!created && !ignoreIfExists) {
            throw new StreamhouseException(ErrorCode.DATABASE_EXISTS, "database '%s' exists".formatted(name));
        }
    }

    private static void refuseCaseClash(String what, String name, List<String> others) {
        for (String other : others) {
            if (other.equalsIgnoreCase(name) && !other.equals(name)) {
                throw new StreamhouseException(
                        ErrorCode.BAD_NAME, "%s name '%s' differs from '%s' only in case".formatted(what, name, other));
            }
        }
    }

    @Override
    public void dropDatabase(String name, boolean ignoreIfMissing, boolean cascade) throws IOException {
        TableName.checkName("database", name);
        if (!databaseExists(name)) {
            if (ignoreIfMissing) {
                return;
            }
            throw databaseNotFound(name);
        }
        List<String> tables = tables(name);
        if (!tables.isEmpty() && !cascade) {
            throw new StreamhouseException(
                    ErrorCode.DATABASE_NOT_EMPTY,
                    "database '%s' has %d tables, among them '%s'".formatted(name, tables.size(), tables.get(0)));
        }
        for (String table : tables) {
            dropTable(TableName.of(name, table), true);
        }
        store.delete(marker(name));
        store.deleteDirectory(name + DATABASE_SUFFIX);
    }

    private static StreamhouseException databaseNotFound(String name) {
        return new StreamhouseException(ErrorCode.DATABASE_NOT_FOUND, "database '%s' does not exist".formatted(name));
    }

    @Override
    public List<String> tables(String database) throws IOException {
        TableName.checkName("database", database);
        if (!databaseExists(database)) {
            throw databaseNotFound(database);
        }
        TreeSet<String> names = new TreeSet<>();
        for (String directory : store.listDirectories(database + DATABASE_SUFFIX)) {
            if (isName(directory) && tableExists(TableName.of(database, directory))) {
                names.add(directory);
            }
        }
        return List.copyOf(names);
    }

    @Override
    public boolean tableExists(TableName name) throws IOException {
        return new SchemaFiles(scoped(name)).isTable();
    }

    private static String directory(TableName name) {
        return name.database() + DATABASE_SUFFIX + "/" + name.table();
    }

    private ObjectStore scoped(TableName name) {
        return new ScopedObjectStore(store, directory(name));
    }

    @Override
    public Table createTable(TableName name, TableSchema schema) throws IOException {
        if (schema.id() != 0) {
            throw new IllegalArgumentException("schema %d cannot create %s".formatted(schema.id(), name));
        }
        Options.check(schema.options());
        TableOptions.parse(schema.options());
        List<String> siblings = tables(name.database());
        refuseCaseClash("table", name.table(), siblings);
        if (siblings.contains(name.table())) {
            throw tableExistsError(name, scoped(name));
        }
        ObjectStore scoped = scoped(name);
        clearRemains(name, scoped);
        new CommitProbe(scoped, racers).run("probe/" + components.ids().next());
        SchemaFile file = new SchemaFile(schema, Optional.of(components.ids().next()));
        if (new SchemaFiles(scoped).create(file) == CreateOnce.Result.TAKEN) {
            throw tableExistsError(name, scoped);
        }
        return opened(name, file);
    }

    /** A drop that died halfway leaves objects without a schema; a new table must not see them. */
    private void clearRemains(TableName name, ObjectStore scoped) throws IOException {
        List<String> remains = new ArrayList<>();
        for (ObjectInfo object : store.list(directory(name))) {
            if (!object.path().startsWith(directory(name) + "/probe/")) {
                remains.add(object.path());
            }
        }
        Set<String> directories = new TreeSet<>();
        for (String path : remains) {
            // somebody else may have cleared them, made the table and committed: its objects have the same names
            if (new SchemaFiles(scoped).isTable()) {
                throw tableExistsError(name, scoped);
            }
            store.delete(path);
            directories.add(ObjectPath.directory(path));
        }
        for (String directory : directories) {
            store.makeLasting(directory); // what came back after a loss of power would be the new table's
        }
    }

    /** Whoever wants it to exist takes this for a yes, so it has to last. */
    private static StreamhouseException tableExistsError(TableName name, ObjectStore scoped) throws IOException {
        new SchemaFiles(scoped).makeLasting();
        return new StreamhouseException(ErrorCode.TABLE_EXISTS, "table '%s' exists".formatted(name));
    }

    @Override
    public Table table(TableName name) throws IOException {
        return opened(name, newestSchema(name));
    }

    private SchemaFile newestSchema(TableName name) throws IOException {
        return new SchemaFiles(scoped(name)).newest().orElseThrow(() -> tableNotFound(name));
    }

    private static StreamhouseException tableNotFound(TableName name) {
        return new StreamhouseException(ErrorCode.TABLE_NOT_FOUND, "table '%s' does not exist".formatted(name));
    }

    private Table opened(TableName name, SchemaFile file) {
        return new StoredTable(name, file, components.withStore(scoped(name)), cache, protections, decoder);
    }

    @Override
    public void dropTable(TableName name, boolean ignoreIfMissing) throws IOException {
        // Without its first schema the table is gone at once; the rest is only cleaned away.
        boolean existed = scoped(name).delete(SchemaFiles.path(0));
        if (!existed && !ignoreIfMissing) {
            throw tableNotFound(name);
        }
        if (existed) {
            store.deleteDirectory(directory(name));
        }
    }

    @Override
    public void alterOptions(TableName name, Map<String, String> set, Set<String> remove) throws IOException {
        Options.check(set);
        remove.forEach(Options::find);
        SchemaFiles schemas = new SchemaFiles(scoped(name));
        SchemaFile file = alterable(name);
        TableSchema newest = file.schema();
        int id = newest.id();
        for (int tries = 0; tries < MAX_ALTER_TRIES; tries++) {
            Map<String, String> options = new TreeMap<>(newest.options());
            options.putAll(set);
            options.keySet().removeAll(remove);
            refuseFixed(name, newest.options(), options);
            TableOptions.parse(options);
            if (options.equals(newest.options())) {
                schemas.makeLasting();
                return;
            }
            TableSchema next = new TableSchema(
                    ++id, newest.highestFieldId(), newest.fields(), newest.layout(), options, newest.comment());
            SchemaFile made = new SchemaFile(next, file.table());
            CreateOnce.Result result = protections.has(Protection.SCHEMAS_ARE_READ_BACK)
                    ? schemas.create(made)
                    : schemas.createUnseen(made);
            if (result != CreateOnce.Result.TAKEN) {
                if (result == CreateOnce.Result.FOUND) {
                    components.marks().reached(Mark.OWN_ALTERATION_FOUND);
                }
                return;
            }
            components.marks().reached(Mark.ALTERATION_LOST);
            if (protections.has(Protection.ALTERATIONS_BEGIN_ANEW)) {
                file = alterable(name);
                newest = file.schema();
                id = newest.id();
            }
        }
        throw new StreamhouseException(
                ErrorCode.WRITE_CONFLICT,
                "options of '%s' were changed by others %d times meanwhile".formatted(name, MAX_ALTER_TRIES));
    }

    /** The newest schema, which is not carried on if it is another table's. */
    private SchemaFile alterable(TableName name) throws IOException {
        SchemaFile file = newestSchema(name);
        opened(name, file).snapshots().latest();
        return file;
    }

    private static void refuseFixed(TableName name, Map<String, String> before, Map<String, String> after) {
        for (String key : Options.FIXED_KEYS) {
            if (!Objects.equals(before.get(key), after.get(key))) {
                throw new StreamhouseException(
                        ErrorCode.BAD_OPTION_VALUE,
                        "option '%s' of '%s' is fixed when the table is created".formatted(key, name));
            }
        }
    }

    @Override
    public void close() throws IOException {
        if (ownsStore) {
            store.close();
        }
    }
}
