package io.streamhouse.catalog;

import io.streamhouse.spec.TableName;
import io.streamhouse.spec.type.TableSchema;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Databases and tables of one warehouse. Thread-safe; any number of catalogs in any processes may share a warehouse.
 *
 * <p>Names are refused as {@code BAD_NAME} if they cannot be a path component or differ from an existing name only in
 * case. Dropping a table while others write to it or create it anew is not guarded against.
 */
public interface Catalog extends AutoCloseable {
    /** Names of all databases, ascending. */
    List<String> databases() throws IOException;

    /** Creates a database; {@code DATABASE_EXISTS} unless that is to be ignored. */
    void createDatabase(String name, boolean ignoreIfExists) throws IOException;

    /**
     * Drops a database; {@code DATABASE_NOT_FOUND} unless that is to be ignored.
     *
     * @param cascade drops its tables too; otherwise a database with tables is {@code DATABASE_NOT_EMPTY}
     */
    void dropDatabase(String name, boolean ignoreIfMissing, boolean cascade) throws IOException;

    /** Names of a database's tables, ascending; {@code DATABASE_NOT_FOUND}. */
    List<String> tables(String database) throws IOException;

    /** Whether the table exists; false if its database does not. */
    boolean tableExists(TableName name) throws IOException;

    /**
     * Creates a table without a snapshot. {@code TABLE_EXISTS}, {@code DATABASE_NOT_FOUND}, {@code UNKNOWN_OPTION},
     * {@code BAD_OPTION_VALUE}; {@code NO_COMMIT_PRIMITIVE} if the store has no true put-if-absent.
     *
     * @param schema schema with id 0
     */
    Table createTable(TableName name, TableSchema schema) throws IOException;

    /** Opens a table; {@code TABLE_NOT_FOUND}. Every call gives a table that shares nothing but caches with others. */
    Table table(TableName name) throws IOException;

    /** Drops a table and its objects; {@code TABLE_NOT_FOUND} unless that is to be ignored. */
    void dropTable(TableName name, boolean ignoreIfMissing) throws IOException;

    /**
     * Sets and removes options in a new schema version, whatever others change at the same time; tables opened before keep the
     * schema they have. {@code TABLE_NOT_FOUND}, {@code UNKNOWN_OPTION}, {@code BAD_OPTION_VALUE} (also for options that do not
     * fit those that somebody else has set meanwhile), {@code WRITE_CONFLICT}; then nothing has changed. An {@link IOException}
     * leaves the outcome unknown.
     */
    void alterOptions(TableName name, Map<String, String> set, Set<String> remove) throws IOException;

    @Override
    void close() throws IOException;
}
