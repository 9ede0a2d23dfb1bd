package io.streamhouse.testkit.fuzz;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.streamhouse.columnar.puffin.PuffinFiles;
import io.streamhouse.columnar.puffin.VectorFile;
import io.streamhouse.storage.ObjectStore;
import io.streamhouse.storage.ObjectStores;
import io.streamhouse.testkit.ParserJudge;

/** Puffin files and the vectors in them. */
class PuffinFuzzTest {
    @FuzzTest(maxDuration = Sealed.DURATION)
    void bytes(byte[] data) throws Exception {
        try (ObjectStore store = ObjectStores.memory()) {
            store.put(Sealed.OBJECT, data);
            ParserJudge.judge(Sealed.OBJECT, data.length, Sealed.FACTOR, () -> {
                for (VectorFile.Blob blob :
                        PuffinFiles.describe(store, Sealed.OBJECT).blobs()) {
                    PuffinFiles.read(store, Sealed.OBJECT, blob, 1 << 20);
                }
            });
        }
    }
}
