package io.streamhouse.catalog;

import io.streamhouse.spec.ErrorCode;
import io.streamhouse.spec.StreamhouseException;
import io.streamhouse.spec.codec.SchemaCodec;
import io.streamhouse.spec.type.SchemaFile;
import io.streamhouse.storage.ObjectInfo;
import io.streamhouse.storage.ObjectStore;
import io.streamhouse.storage.PutOutcome;
import java.io.IOException;
import java.util.NavigableSet;
import java.util.Optional;
import java.util.TreeSet;
import java.util.regex.Pattern;

/** {@code schema/<id>.json} of one table; number 0 makes the table. Thread-safe. */
final class SchemaFiles {
    private static final String DIRECTORY = "schema";
    private static final String SUFFIX = ".json";
    private static final Pattern NAME = Pattern.compile("(0|[1-9][0-9]{0,8})\\.json");

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

    /**
     * The newest schema; empty if there is no table. What stands above a gap was put by who has slept while the table was
     * dropped and made anew, and is not its.
     *
     * @throws StreamhouseException {@code MISSING_FILE} if it is its all the same: then a schema has gone
     */
    Optional<SchemaFile> newest() throws IOException {
        NavigableSet<Integer> listed = new TreeSet<>();
        for (ObjectInfo object : store.list(DIRECTORY)) {
            String name = object.path().substring(DIRECTORY.length() + 1);
            if (NAME.matcher(name).matches()) {
                listed.add(Integer.parseInt(name.substring(0, name.length() - SUFFIX.length())));
            }
        }
        if (!listed.contains(0)) {
            return Optional.empty();
        }
        int newest = 0;
        // a listing may have missed one that came while it went on
        while (listed.contains(newest + 1) || newest < listed.last() && store.size(path(newest + 1)) >= 0) {
            newest++;
        }
        SchemaFile found = read(newest);
        Integer above = listed.higher(newest);
        if (above != null && read(above).table().equals(found.table())) {
            throw new StreamhouseException(
                    ErrorCode.MISSING_FILE,
                    "%s of %s is missing below %s".formatted(path(newest + 1), store.uri(), path(above)));
        }
        return Optional.of(found);
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

    /** Adds a schema, unless its id is taken; an {@link IOException} leaves the outcome unknown. */
    CreateOnce.Result create(SchemaFile file) throws IOException {
        int id = file.schema().id();
        CreateOnce.Result result = CreateOnce.put(store, path(id), SchemaCodec.write(file));
        // bytes that were read back wrongly look like somebody else's: only of a whole record it can be told whose it
        // is
        return result == CreateOnce.Result.TAKEN && read(id).equals(file) ? CreateOnce.Result.FOUND : result;
    }

    /** The same for who takes the store's word, whatever became of the put. */
    CreateOnce.Result createUnseen(SchemaFile file) throws IOException {
        PutOutcome answer = store.putIfAbsent(path(file.schema().id()), SchemaCodec.write(file));
        return answer == PutOutcome.CREATED ? CreateOnce.Result.CREATED : CreateOnce.Result.TAKEN;
    }
}
