package io.streamhouse.testkit.fuzz;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.github.luben.zstd.Zstd;
import io.streamhouse.columnar.ColumnFiles;
import io.streamhouse.columnar.puffin.PuffinFiles;
import io.streamhouse.spec.ErrorCode;
import io.streamhouse.spec.StreamhouseException;
import io.streamhouse.spec.codec.ByteOutput;
import io.streamhouse.spec.codec.DeleteBlockCodec;
import io.streamhouse.spec.codec.FoundPositionsCodec;
import io.streamhouse.spec.codec.MaskSegmentCodec;
import io.streamhouse.spec.codec.PositionMapCodec;
import io.streamhouse.spec.codec.SchemaCodec;
import io.streamhouse.spec.codec.SliceCodec;
import io.streamhouse.spec.codec.SnapshotCodec;
import io.streamhouse.spec.codec.TableDeltaCodec;
import io.streamhouse.storage.ObjectStore;
import io.streamhouse.storage.ObjectStores;
import io.streamhouse.testkit.ParserJudge;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.UUID;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

/** Small inputs that claim or yield very much: refused before the memory is taken, in a process of a small heap. */
class BombsTest {
    /** Enough for an honest input of the size of these, far too little for what they claim. */
    private static final int FEW_BYTES = 4 << 20;

    private static byte[] framed(String magic, Consumer<ByteOutput> body) {
        ByteOutput out = new ByteOutput();
        out.writeRaw(magic.getBytes(StandardCharsets.US_ASCII), 0, 4);
        out.writeByte(1);
        out.writeByte(0);
        body.accept(out);
        return Sealed.frame(out.toByteArray());
    }

    private static void refused(String what, byte[] bomb, BiConsumer<byte[], String> read) throws IOException {
        StreamhouseException e = assertThrows(StreamhouseException.class, () -> read.accept(bomb, Sealed.OBJECT), what);
        assertEquals(ErrorCode.CORRUPT_FILE, e.code(), e.getMessage());
        ParserJudge.judge(Sealed.OBJECT, FEW_BYTES, 1, () -> read.accept(bomb, Sealed.OBJECT));
    }

    @Test
    void theHeapIsSmall() {
        assertTrue(Runtime.getRuntime().maxMemory() <= 256L << 20, "this test proves nothing in a large heap");
    }

    @Test
    void countsThatTheirBytesCannotHoldAreRefused() throws IOException {
        for (long count : new long[] {1 << 27, Integer.MAX_VALUE, 1L << 40, -1}) {
            Consumer<ByteOutput> claims = out -> {
                out.writeUnsigned(count);
                out.writeUnsigned(count);
                out.writeUnsigned(count);
            };
            refused("mask segment", framed("SHMS", o -> claims.accept(two(o))), MaskSegmentCodec::read);
            refused("delete block", framed("SHDB", o -> claims.accept(one(o))), BombsTest::deleteBlock);
            refused("slices", framed("SHSL", claims), SliceCodec::read);
            refused("table delta", framed("SHTD", o -> claims.accept(two(o))), TableDeltaCodec::read);
            refused("found positions", framed("SHFP", claims), (b, object) -> FoundPositionsCodec.read(b, 3, object));
            refused("position map", framed("SHPM", claims), PositionMapCodec::read);
        }
    }

    private static void deleteBlock(byte[] bytes, String object) {
        DeleteBlockCodec.read(bytes, object);
    }

    private static ByteOutput one(ByteOutput out) {
        out.writeByte(0);
        return out;
    }

    private static ByteOutput two(ByteOutput out) {
        out.writeByte(1);
        out.writeByte(1);
        return out;
    }

    @Test
    void deepAndLongJsonIsRefused() throws IOException {
        Map<String, String> lines = new LinkedHashMap<>();
        lines.put("nested", "{\"a\":" + "[".repeat(100_000));
        lines.put("number", "{\"format-version\":" + "9".repeat(100_000) + "}");
        lines.put("text", "{\"format-version\":1,\"inline\":\"" + "A".repeat(50_000) + "\"}");
        for (Map.Entry<String, String> line : lines.entrySet()) {
            byte[] bytes = Sealed.lines(line.getValue().getBytes(StandardCharsets.US_ASCII));
            refused(line.getKey(), bytes, SnapshotCodec::read);
            refused(line.getKey(), bytes, SchemaCodec::read);
        }
    }

    /** Claims of a column chunk: column 1 (text), zstd, one row. */
    private static byte[] zstdPage(boolean dictionary, int values, int claimed, byte[] body) {
        return ByteBuffer.allocate(4 + 12 + body.length)
                .put((byte) 1)
                .put((byte) 1)
                .putShort((short) 0)
                .put((byte) (dictionary ? 1 : 0))
                .put((byte) 0)
                .putShort((short) values)
                .putInt(claimed)
                .putInt(body.length)
                .put(body)
                .array();
    }

    @Test
    void pagesThatYieldMoreThanTheyClaimAreRefused() throws IOException {
        byte[] bomb = Zstd.compress(new byte[48 << 20], 19);
        assertTrue(bomb.length < 60_000, bomb.length + " bytes");
        for (int claimed : new int[] {0, 10, 1000}) {
            for (boolean dictionary : new boolean[] {false, true}) {
                byte[] page = zstdPage(dictionary, 1, claimed, bomb);
                StreamhouseException e =
                        assertThrows(StreamhouseException.class, () -> ParquetBytes.readUnjudged(page));
                assertEquals(ErrorCode.CORRUPT_FILE, e.code(), e.getMessage());
                ParserJudge.judge(Sealed.OBJECT, FEW_BYTES, 1, () -> ParquetBytes.readUnjudged(page));
            }
        }
    }

    @Test
    void pagesThatClaimMoreThanTheyYieldAreRefusedBeforeTheirSizeIsTaken() throws IOException {
        byte[] little = Zstd.compress(new byte[100]);
        for (int claimed : new int[] {101, 50 << 20, 64 << 20, 65 << 20, Integer.MAX_VALUE, -1}) {
            byte[] page = zstdPage(false, 1, claimed, little);
            StreamhouseException e = assertThrows(StreamhouseException.class, () -> ParquetBytes.readUnjudged(page));
            assertEquals(ErrorCode.CORRUPT_FILE, e.code(), e.getMessage());
            ParserJudge.judge(Sealed.OBJECT, FEW_BYTES, 1, () -> ParquetBytes.readUnjudged(page));
        }
    }

    private static void refusedFile(String what, byte[] file, ObjectRead read) throws IOException {
        try (ObjectStore store = ObjectStores.memory()) {
            store.put(Sealed.OBJECT, file);
            StreamhouseException e = assertThrows(StreamhouseException.class, () -> read.of(store), what);
            assertEquals(ErrorCode.CORRUPT_FILE, e.code(), what + ": " + e.getMessage());
            ParserJudge.judge(Sealed.OBJECT, FEW_BYTES, 1, () -> read.of(store));
        }
    }

    private interface ObjectRead {
        void of(ObjectStore store) throws IOException;
    }

    private static void describe(ObjectStore store) throws IOException {
        ColumnFiles.describe(store, new UUID(1, 1), Sealed.OBJECT, ParquetBytes.COLUMNS);
    }

    private static byte[] parquet(byte[] footer, int length) {
        return ByteBuffer.allocate(4 + footer.length + 8)
                .order(ByteOrder.LITTLE_ENDIAN)
                .put("PAR1".getBytes(StandardCharsets.US_ASCII))
                .put(footer)
                .putInt(length)
                .put("PAR1".getBytes(StandardCharsets.US_ASCII))
                .array();
    }

    @Test
    void footersThatClaimTooMuchAreRefused() throws IOException {
        for (int length : new int[] {100, 1 << 30, Integer.MAX_VALUE, -1}) {
            refusedFile("footer of " + length, parquet(new byte[50], length), BombsTest::describe);
            byte[] puffin = ByteBuffer.allocate(60)
                    .order(ByteOrder.LITTLE_ENDIAN)
                    .put("PFA1".getBytes(StandardCharsets.US_ASCII))
                    .position(48)
                    .putInt(length)
                    .putInt(0)
                    .put("PFA1".getBytes(StandardCharsets.US_ASCII))
                    .array();
            refusedFile("Puffin footer of " + length, puffin, s -> PuffinFiles.describe(s, Sealed.OBJECT));
        }
    }

    /** Thrift's compact protocol: field 1 (version) is 1, field 2 is a list of structs or field 6 a text of any size. */
    @Test
    void listsAndTextsInsideFootersThatClaimTooMuchAreRefused() throws IOException {
        for (long count : new long[] {1 << 20, 1 << 27, Integer.MAX_VALUE}) {
            ByteOutput list = new ByteOutput();
            list.writeByte(0x15);
            list.writeByte(2);
            list.writeByte(0x19);
            list.writeByte(0xfc);
            list.writeUnsigned(count);
            refusedFile("list of " + count, parquet(list.toByteArray(), list.size()), BombsTest::describe);
            ByteOutput text = new ByteOutput();
            text.writeByte(0x15);
            text.writeByte(2);
            text.writeByte(0x58);
            text.writeUnsigned(count);
            refusedFile("text of " + count, parquet(text.toByteArray(), text.size()), BombsTest::describe);
        }
    }

    @Test
    void aParserThatBelievesACountIsCaught() {
        assertThrows(
                AssertionError.class,
                () -> ParserJudge.judge("x", FEW_BYTES, 1, () -> {
                    byte[] believed = new byte[32 << 20];
                    believed[0] = 1;
                }));
    }
}
