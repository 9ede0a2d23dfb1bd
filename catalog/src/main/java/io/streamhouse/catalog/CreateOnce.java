package io.streamhouse.catalog;

import io.streamhouse.spec.ErrorCode;
import io.streamhouse.spec.StreamhouseException;
import io.streamhouse.storage.ObjectStore;
import io.streamhouse.storage.PutOutcome;
import java.io.IOException;
import java.util.Arrays;

/** A conditional put of something other than a commit, with unknown answers resolved by reading back. */
final class CreateOnce {
    private static final int MAX_TRIES = 10;

    private CreateOnce() {}

    /**
     * Creates the object; false if another stood there before. An unknown answer and equal bytes count as created. Either
     * way what stands there is lasting.
     */
    static boolean create(ObjectStore store, String path, byte[] bytes) throws IOException {
        IOException last = null;
        boolean mayBeOurs = false;
        for (int tries = 0; tries < MAX_TRIES; tries++) {
            try {
                PutOutcome outcome = store.putIfAbsent(path, bytes);
                if (outcome == PutOutcome.CREATED) {
                    return true;
                }
                if (outcome == PutOutcome.EXISTED && !mayBeOurs) {
                    return false;
                }
            } catch (IOException e) {
                last = e;
            }
            mayBeOurs = true;
            try {
                boolean isOurs = Arrays.equals(store.read(path), bytes);
                store.makeLasting(path.substring(0, path.lastIndexOf('/')));
                return isOurs;
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
