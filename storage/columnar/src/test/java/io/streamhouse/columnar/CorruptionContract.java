package io.streamhouse.columnar;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.streamhouse.spec.ErrorCode;
import io.streamhouse.spec.StreamhouseException;
import io.streamhouse.spec.codec.Checksums;
import io.streamhouse.spec.column.ColumnBatch;
import io.streamhouse.spec.table.BlockRef;
import io.streamhouse.spec.table.ChunkLocator;
import io.streamhouse.spec.table.DataFile;
import io.streamhouse.spec.table.FileFormat;
import io.streamhouse.spec.table.RowGroup;
import io.streamhouse.spec.type.DataType;
import io.streamhouse.spec.type.Field;
import io.streamhouse.spec.type.TypeRoot;
import io.streamhouse.storage.ObjectStore;
import io.streamhouse.storage.ObjectStores;
import io.streamhouse.testkit.Seeds;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Damaged files of any format give the right rows or a typed error, never wrong rows and never a raw exception. */
abstract class CorruptionContract {
    private static final String PATH = "data/damaged";

    enum Outcome {
        RIGHT,
        REFUSED,
        WRONG
    }

    abstract FileFormat format();

    final ObjectStore store = ObjectStores.memory();
    private ModelRows model;
    private DataFile file;
    private BlockRef.Stored block;
    private byte[] bytes;

    private void write(List<Field> fields, int rows, Random random) throws IOException {
        model = ModelRows.random(random, fields, rows).forOrc();
        try (ColumnFileWriter out = ColumnFiles.writer(format(), store, FormatContract.ID, PATH, fields, Set.of())) {
            out.write(model.batch(0, rows / 2, random, false));
            out.cutPages();
            out.write(model.batch(rows / 2, rows, random, false));
            block = out.writeBlock(new byte[] {5, 4, 3, 2, 1});
            file = FormatContract.dataFile(out.finish());
        }
        bytes = store.read(PATH);
    }

    private static List<Field> smallSchema() {
        return List.of(
                new Field(1, "id", DataType.bigint(), false),
                new Field(2, "flag", DataType.bool(), true),
                new Field(3, "text", DataType.string(), true),
                new Field(4, "price", DataType.decimal(30, 2), true),
                new Field(5, "real", DataType.of(TypeRoot.DOUBLE), false),
                new Field(6, "day", DataType.date(), true));
    }

    /** Reads all rows; anything but a typed error escapes and fails the test. */
    private Outcome read(DataFile damaged) throws IOException {
        int[] all = FormatContract.allColumns(model.fields);
        int row = 0;
        try (ColumnFileReader in = ColumnFiles.reader(store, damaged, model.fields, all, 0, file.rowCount())) {
            for (ColumnBatch batch = in.next(); batch != null; batch = in.next()) {
                for (int i = 0; i < batch.rowCount(); i++, row++) {
                    for (int c = 0; c < all.length; c++) {
                        if (!Objects.equals(model.rows.get(row)[c], ModelRows.valueOf(batch.column(c), i))) {
                            return Outcome.WRONG;
                        }
                    }
                }
            }
        } catch (StreamhouseException e) {
            assertTrue(e.code() == ErrorCode.CORRUPT_FILE || e.code() == ErrorCode.UNKNOWN_VERSION, e.getMessage());
            assertTrue(e.getMessage().contains(PATH), e.getMessage());
            return Outcome.REFUSED;
        }
        return row == file.rowCount() ? Outcome.RIGHT : Outcome.WRONG;
    }

    private Outcome verify() throws IOException {
        try {
            ColumnFiles.verify(store, file);
            return Outcome.RIGHT;
        } catch (StreamhouseException e) {
            assertEquals(ErrorCode.CORRUPT_FILE, e.code(), e.getMessage());
            return Outcome.REFUSED;
        }
    }

    private boolean covered(int position) {
        if (position >= file.object().footerOffset()) {
            return true;
        }
        return file.rowGroups().stream()
                .flatMap(g -> g.chunks().stream())
                .anyMatch(c -> position >= c.offset() && position < c.offset() + c.length());
    }

    @Test
    void theComparisonSeesAWrongRow() throws Exception {
        write(smallSchema(), 24, new Random(1));
        model.rows.get(23)[0] = (Long) model.rows.get(23)[0] + 1;
        assertEquals(Outcome.WRONG, read(file));
    }

    @Test
    void noFlippedByteOfASmallFileGivesWrongRows() throws Exception {
        Random random = new Random(Seeds.of("corruption-small"));
        write(smallSchema(), 24, random);
        assertTrue(bytes.length <= 8 << 10, bytes.length + " bytes");
        assertEquals(Outcome.RIGHT, read(file));
        int[] outcomes = new int[3];
        for (int at = 0; at < bytes.length; at++) {
            for (int flip : new int[] {1, 0x80, 1 + random.nextInt(255)}) {
                outcomes[flipped(at, flip).ordinal()]++;
            }
        }
        report("every byte of " + bytes.length, outcomes);
        assertEquals(0, outcomes[Outcome.WRONG.ordinal()]);
    }

    @Test
    void noFlippedByteOfALargerFileGivesWrongRows() throws Exception {
        Random random = new Random(Seeds.of("corruption-large"));
        write(ModelRows.allTypes(true), 3000, random);
        int[] outcomes = new int[3];
        for (int i = 0; i < 400; i++) {
            outcomes[
                    flipped(random.nextInt(bytes.length), 1 << random.nextInt(8))
                            .ordinal()]++;
        }
        report("400 sampled bytes of " + bytes.length, outcomes);
        assertEquals(0, outcomes[Outcome.WRONG.ordinal()]);
    }

    /** Also: whatever stands under a checksum is found by verify. */
    private Outcome flipped(int at, int flip) throws IOException {
        byte[] damaged = bytes.clone();
        damaged[at] ^= (byte) flip;
        store.put(PATH, damaged);
        assertEquals(covered(at) ? Outcome.REFUSED : Outcome.RIGHT, verify(), () -> "byte " + at);
        boolean inBlock = at >= block.offset() && at < block.offset() + block.length();
        if (inBlock) {
            FormatContract.assertCode(ErrorCode.CORRUPT_FILE, () -> ColumnFiles.readBlock(store, block));
        }
        return read(file);
    }

    @Test
    void everyTruncationIsRefused() throws Exception {
        write(smallSchema(), 24, new Random(1));
        for (int length = 0; length < bytes.length; length++) {
            store.put(PATH, Arrays.copyOf(bytes, length));
            assertEquals(Outcome.REFUSED, read(file), "cut to " + length);
            assertEquals(Outcome.REFUSED, verify(), "cut to " + length);
        }
    }

    /**
     * What no checksum stands before: flips under chunk checksums that fit the damage. Anything but a typed error or some
     * rows fails.
     *
     * @return how often each outcome came
     */
    int[] forge(int rounds, int flips) throws Exception {
        Random random = new Random(Seeds.of("corruption-forged"));
        int[] outcomes = new int[3];
        for (int round = 0; round < rounds; round++) {
            write(smallSchema(), 24 + 300 * round, random);
            List<ChunkLocator> chunks = file.rowGroups().get(0).chunks();
            ChunkLocator last = chunks.get(chunks.size() - 1);
            int end = (int) last.offset() + last.length();
            for (int i = 0; i < flips; i++) {
                byte[] damaged = bytes.clone();
                int at = 4 + (round == 0 ? i % (end - 4) : random.nextInt(end - 4));
                damaged[at] ^= (byte) (1 + random.nextInt(255));
                store.put(PATH, damaged);
                outcomes[read(forged(damaged)).ordinal()]++;
            }
        }
        report(rounds * flips + " flips under forged checksums", outcomes);
        return outcomes;
    }

    /** The entry of the file with checksums of the chunks as they are now. */
    private DataFile forged(byte[] damaged) {
        List<RowGroup> groups = new ArrayList<>();
        for (RowGroup group : file.rowGroups()) {
            List<ChunkLocator> chunks = new ArrayList<>();
            for (ChunkLocator c : group.chunks()) {
                int from = (int) c.offset();
                int crc = Checksums.crc32c(Arrays.copyOfRange(damaged, from, from + c.length()));
                chunks.add(new ChunkLocator(c.fieldId(), c.offset(), c.length(), c.codec(), crc));
            }
            groups.add(new RowGroup(group.rowCount(), chunks));
        }
        return new DataFile(file.object(), file.origin(), file.rowCount(), file.slices(), groups, file.stats());
    }

    @Test
    void aLocatorThatLeavesTheFileOrNamesAnUnknownCodecIsRefused() throws Exception {
        write(smallSchema(), 24, new Random(2));
        ChunkLocator c = file.rowGroups().get(0).chunks().get(0);
        List<ChunkLocator> forged = List.of(
                new ChunkLocator(c.fieldId(), Long.MAX_VALUE, c.length(), c.codec(), c.crc()),
                new ChunkLocator(c.fieldId(), c.offset(), Integer.MAX_VALUE, c.codec(), c.crc()),
                new ChunkLocator(c.fieldId(), c.offset(), 0, c.codec(), 0),
                new ChunkLocator(c.fieldId(), c.offset(), c.length() - 1, c.codec(), c.crc()),
                new ChunkLocator(c.fieldId(), c.offset(), c.length(), 3, c.crc()),
                new ChunkLocator(c.fieldId() + 1, c.offset(), c.length(), c.codec(), c.crc()));
        for (ChunkLocator locator : forged) {
            List<ChunkLocator> chunks = new ArrayList<>(file.rowGroups().get(0).chunks());
            chunks.set(0, locator);
            RowGroup group = new RowGroup(file.rowCount(), chunks);
            DataFile damaged = new DataFile(
                    file.object(), file.origin(), file.rowCount(), file.slices(), List.of(group), file.stats());
            assertEquals(Outcome.REFUSED, read(damaged), locator.toString());
        }
    }

    private static void report(String what, int[] outcomes) {
        System.out.printf("%s: right %d, refused %d, wrong %d%n", what, outcomes[0], outcomes[1], outcomes[2]);
    }
}
