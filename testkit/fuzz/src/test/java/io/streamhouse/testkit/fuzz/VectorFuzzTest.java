package io.streamhouse.testkit.fuzz;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.streamhouse.columnar.puffin.PuffinFiles;
import io.streamhouse.columnar.puffin.VectorFile;
import io.streamhouse.storage.ObjectStore;
import io.streamhouse.storage.ObjectStores;
import io.streamhouse.testkit.ParserJudge;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.zip.CRC32;

/** One deletion vector under right length, magic and checksum. */
class VectorFuzzTest {
    @FuzzTest(maxDuration = Sealed.DURATION)
    void bytes(byte[] data) throws Exception {
        ByteBuffer body = ByteBuffer.allocate(data.length + 4)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putInt(0x6439D3D1)
                .put(data);
        CRC32 crc = new CRC32();
        crc.update(body.array());
        byte[] blob = ByteBuffer.allocate(body.capacity() + 8)
                .putInt(body.capacity())
                .put(body.array())
                .putInt((int) crc.getValue())
                .array();
        try (ObjectStore store = ObjectStores.memory()) {
            store.put(Sealed.OBJECT, blob);
            for (int cardinality : new int[] {1, 3, 1 << 20}) {
                VectorFile.Blob vector = new VectorFile.Blob("data/x", 0, blob.length, cardinality);
                ParserJudge.judge(
                        Sealed.OBJECT,
                        data.length,
                        Sealed.FACTOR,
                        () -> PuffinFiles.read(store, Sealed.OBJECT, vector, 1 << 20));
            }
        }
    }
}
