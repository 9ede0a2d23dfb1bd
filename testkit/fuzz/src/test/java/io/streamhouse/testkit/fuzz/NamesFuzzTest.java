package io.streamhouse.testkit.fuzz;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.streamhouse.spec.ErrorCode;
import io.streamhouse.spec.StreamhouseException;
import io.streamhouse.spec.TableName;
import io.streamhouse.spec.type.DataType;
import io.streamhouse.storage.ObjectStore;
import io.streamhouse.storage.ObjectStores;
import java.nio.charset.StandardCharsets;

/** Names of tables, types of columns, and paths of objects. */
class NamesFuzzTest {
    @FuzzTest(maxDuration = Sealed.DURATION)
    void bytes(byte[] data) throws Exception {
        String text = new String(data, StandardCharsets.UTF_8);
        refusedOnly(() -> TableName.parse(text));
        refusedOnly(() -> DataType.parse(text));
        try (ObjectStore store = ObjectStores.memory()) {
            store.put(text, new byte[] {1});
            if (!store.list("").isEmpty() && !store.list("").get(0).path().equals(text)) {
                throw new AssertionError("'" + text + "' became " + store.list(""));
            }
        } catch (IllegalArgumentException e) {
            return; // no path
        } catch (StreamhouseException e) {
            if (e.code() != ErrorCode.BAD_NAME) {
                throw e;
            }
        }
    }

    /** A user's error is one line with a code; anything else escapes. */
    private static void refusedOnly(Runnable parse) {
        try {
            parse.run();
        } catch (StreamhouseException e) {
            if (e.getMessage().codePoints().anyMatch(Character::isISOControl)) {
                throw new AssertionError("control characters in the message", e);
            }
        }
    }
}
