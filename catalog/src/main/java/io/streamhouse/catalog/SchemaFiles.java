package io.streamhouse.catalog;

import io.streamhouse.spec.StreamhouseException;
import io.streamhouse.spec.codec.SchemaCodec;
import io.streamhouse.spec.type.SchemaFile;
import io.streamhouse.storage.ObjectInfo;
import io.streamhouse.storage.ObjectStore;
import java.io.IOException;
import java.util.Optional;

/** {@code schema/<id>.json} of one table; number 0 makes the table. Thread-safe. */
final class SchemaFiles {
    private static final String DIRECTORY = "schema";
    private static final String SUFFIX = ".json";

    private final ObjectStore store;

    /** Takes a store that is scoped to the table. */
    SchemaFiles(ObjectStore store) {
        this.store = store;
    }

    static String path(int id) {
        return DIRECTORY + "/" + id + SUFFIX;
    }

    /** Whether the table exists. */
    boolean isTable() throws IOException {
        return store.size(path(0)) >= 0;
    }

    /** The newest schema; empty if there is no table. */
    Optional<SchemaFile> newest() throws IOException {
        boolean hasFirst = false;
        int newest = 0;
        for (ObjectInfo object : store.list(DIRECTORY)) {
            String name = object.path().substring(DIRECTORY.length() + 1);
            if (name.matches("(0|[1-9][0-9]{0,8})\\.json")) {
                int id = Integer.parseInt(name.substring(0, name.length() - SUFFIX.length()));
                hasFirst |= id == 0;
                newest = Math.max(newest, id);
            }
        }
        return hasFirst ? Optional.of(read(newest)) : Optional.empty();
    }

    SchemaFile read(int id) throws IOException {
        String path = path(id);
        SchemaFile file = SchemaCodec.read(store.read(path), path);
        if (file.schema().id() != id) {
            throw StreamhouseException.corrupt(
                    path, "it holds schema %d".formatted(file.schema().id()));
        }
        return file;
    }

    /** What stands here is about to be relied on, whoever has put it. */
    void makeLasting() throws IOException {
        store.makeLasting(DIRECTORY);
    }

    /** Adds a schema; false if its id is taken. */
    boolean create(SchemaFile file) throws IOException {
        return CreateOnce.create(store, path(file.schema().id()), SchemaCodec.write(file));
    }
}
