package io.streamhouse.columnar;

import io.streamhouse.spec.ErrorCode;
import io.streamhouse.spec.StreamhouseException;
import io.streamhouse.spec.codec.Checksums;
import io.streamhouse.spec.table.ChunkLocator;
import io.streamhouse.spec.table.DataFile;
import io.streamhouse.spec.table.FileFormat;
import io.streamhouse.spec.table.FileObject;
import io.streamhouse.spec.table.RowGroup;
import io.streamhouse.spec.type.Field;
import io.streamhouse.storage.ObjectStore;
import java.io.IOException;
import java.util.List;

/** What a file must be before its bytes are used. */
final class FileCheck {
    private static final int MAX_FOOTER_BYTES = 256 << 20;

    /** Field id of the locators of an ORC stripe's index and footer, which stand behind those of the columns. */
    static final int NO_FIELD = 0;

    static final int EXTRA_CHUNKS = 2;

    private FileCheck() {}

    /** The object exists and has the recorded length. */
    static void checkLength(ObjectStore store, FileObject object) throws IOException {
        long size = store.size(object.path());
        if (size < 0) {
            throw new StreamhouseException(
                    ErrorCode.MISSING_FILE, "data file does not exist (object=%s)".formatted(object.path()));
        }
        if (size != object.sizeBytes()) {
            throw StreamhouseException.corrupt(
                    object.path(), "data file has %d bytes, expected %d".formatted(size, object.sizeBytes()));
        }
    }

    /** The locators fit the file and its columns. */
    static void checkLocators(DataFile file, List<Field> columns) {
        String path = file.object().path();
        // a stripe has two parts that belong to no column
        int extra = file.object().format() == FileFormat.ORC ? EXTRA_CHUNKS : 0;
        long rows = 0;
        for (RowGroup group : file.rowGroups()) {
            rows += group.rowCount();
            if (group.rowCount() < 1 || group.chunks().size() != columns.size() + extra) {
                throw StreamhouseException.corrupt(
                        path,
                        "row group of %d rows and %d chunks, the schema has %d columns"
                                .formatted(group.rowCount(), group.chunks().size(), columns.size()));
            }
            for (int c = 0; c < columns.size(); c++) {
                checkLocator(
                        file.object(),
                        group.chunks().get(c),
                        columns.get(c).id(),
                        columns.get(c).name());
            }
            for (int c = columns.size(); c < columns.size() + extra; c++) {
                checkLocator(file.object(), group.chunks().get(c), NO_FIELD, "");
            }
        }
        if (rows != file.rowCount()) {
            throw StreamhouseException.corrupt(
                    path, "row groups hold %d rows, the file %d".formatted(rows, file.rowCount()));
        }
    }

    private static void checkLocator(FileObject object, ChunkLocator chunk, int fieldId, String column) {
        if (chunk.fieldId() != fieldId) {
            throw StreamhouseException.corrupt(
                    object.path(),
                    "chunk of field %d stands where column '%s' (field %d) belongs"
                            .formatted(chunk.fieldId(), column, fieldId));
        }
        if (chunk.offset() > object.footerOffset() - chunk.length()) {
            throw StreamhouseException.corrupt(
                    object.path(),
                    "chunk of column '%s' at [%d, +%d) runs into the footer at %d"
                            .formatted(column, chunk.offset(), chunk.length(), object.footerOffset()));
        }
    }

    /** First row of every row group, and behind the last one. */
    static int[] groupStarts(DataFile file) {
        int[] starts = new int[file.rowGroups().size() + 1];
        for (int g = 0; g < file.rowGroups().size(); g++) {
            starts[g + 1] = starts[g] + file.rowGroups().get(g).rowCount();
        }
        return starts;
    }

    /** Positions ascend and are rows of the file. */
    static void checkPositions(DataFile file, int[] positions) {
        for (int i = 0; i < positions.length; i++) {
            if (positions[i] < 0 || positions[i] >= file.rowCount() || (i > 0 && positions[i] <= positions[i - 1])) {
                throw new IllegalArgumentException("position %d of %s, which has %d rows; positions must ascend"
                        .formatted(positions[i], file.object().path(), file.rowCount()));
            }
        }
    }

    static void verifyFooter(ObjectStore store, DataFile file) throws IOException {
        FileObject object = file.object();
        checkLength(store, object);
        long footer = object.sizeBytes() - object.footerOffset();
        if (footer > MAX_FOOTER_BYTES) {
            throw StreamhouseException.corrupt(object.path(), "footer of %d bytes".formatted(footer));
        }
        check(store, object.path(), object.footerOffset(), (int) footer, object.footerCrc());
    }

    static void verify(ObjectStore store, DataFile file) throws IOException {
        verifyFooter(store, file);
        FileObject object = file.object();
        for (RowGroup group : file.rowGroups()) {
            for (ChunkLocator chunk : group.chunks()) {
                check(store, object.path(), chunk.offset(), chunk.length(), chunk.crc());
            }
        }
    }

    /** Asks the store itself, not what may have been kept of it. */
    private static void check(ObjectStore store, String path, long offset, int length, int crc) throws IOException {
        Checksums.check(path, offset, store.read(path, offset, length), crc);
    }
}
