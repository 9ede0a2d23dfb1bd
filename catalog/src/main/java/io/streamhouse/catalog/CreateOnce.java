package io.streamhouse.catalog;

import io.streamhouse.spec.ErrorCode;
import io.streamhouse.spec.StreamhouseException;
import io.streamhouse.storage.ObjectStore;
import io.streamhouse.storage.PutOutcome;
import java.io.IOException;
import java.util.Arrays;

/** A conditional put of something other than a commit, with all answers but a clean one resolved by reading back. */
final class CreateOnce {
    private static final int MAX_TRIES = 10;

    private CreateOnce() {}

    /**
     * Creates the object; false if another stood there before. Equal bytes count as created, whatever the answer: a store
     * that tries again by itself tells the one who has won that something exists. Either way what stands there is lasting.
     */
    static boolean create(ObjectStore store, String path, byte[] bytes) throws IOException {
        IOException last = null;
        for (int tries = 0; tries < MAX_TRIES; tries++) {
            boolean existed = false;
            try {
                PutOutcome outcome = store.putIfAbsent(path, bytes);
                if (outcome == PutOutcome.CREATED) {
                    return true;
                }
                existed = outcome == PutOutcome.EXISTED;
            } catch (IOException e) {
                last = e;
            }
            try {
                boolean isOurs = Arrays.equals(store.read(path), bytes);
                if (!existed) {
                    store.makeLasting(path.substring(0, path.lastIndexOf('/')));
                }
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
