package io.streamhouse.catalog;

import io.streamhouse.spec.ErrorCode;
import io.streamhouse.spec.StreamhouseException;
import io.streamhouse.storage.ObjectPath;
import io.streamhouse.storage.ObjectStore;
import io.streamhouse.storage.PutOutcome;
import java.io.IOException;
import java.util.Arrays;

/** A conditional put of something other than a commit, read back unless the store says that it has created the object. */
final class CreateOnce {
    private static final int MAX_TRIES = 10;

    /** How a put ended. */
    enum Result {
        /** The store says that it has created the object. */
        CREATED,
        /** It says something else, and what stands there is what was to be put. */
        FOUND,
        /** Something else stands there, and stood there before. */
        TAKEN
    }

    private CreateOnce() {}

    /**
     * Creates the object; false if another stood there before. Equal bytes count as created, whatever the store says. Either
     * way what stands there is lasting.
     */
    static boolean create(ObjectStore store, String path, byte[] bytes) throws IOException {
        return put(store, path, bytes) != Result.TAKEN;
    }

    /** The same for who wants to know more; an {@link IOException} leaves the outcome unknown. */
    static Result put(ObjectStore store, String path, byte[] bytes) throws IOException {
        IOException last = null;
        for (int tries = 0; tries < MAX_TRIES; tries++) {
            boolean existed = false;
            try {
                PutOutcome outcome = store.putIfAbsent(path, bytes);
                if (outcome == PutOutcome.CREATED) {
                    return Result.CREATED;
                }
                existed = outcome == PutOutcome.EXISTED;
            } catch (IOException e) {
                last = e;
            }
            // EXISTED is read back too: a store that tries again by itself reports it to the writer that won.
            try {
                boolean isOurs = Arrays.equals(store.read(path), bytes);
                if (!existed) {
                    store.makeLasting(ObjectPath.directory(path));
                }
                return isOurs ? Result.FOUND : Result.TAKEN;
            } catch (StreamhouseException e) {
                if (e.code() != ErrorCode.MISSING_FILE) {
                    throw e;
                }
            } catch (IOException e) {
                last = e;
            }
        }
        throw new IOException(
                "nobody knows whether %s/%s was created, after %d tries".formatted(store.uri(), path, MAX_TRIES), last);
    }
}
