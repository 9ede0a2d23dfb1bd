package io.streamhouse.columnar;

import io.streamhouse.spec.ErrorCode;
import io.streamhouse.spec.StreamhouseException;
import io.streamhouse.spec.table.ChunkLocator;
import io.streamhouse.spec.table.DataFile;
import io.streamhouse.spec.table.FileObject;
import io.streamhouse.spec.table.RowGroup;
import io.streamhouse.spec.type.Field;
import io.streamhouse.storage.ObjectStore;
import java.io.IOException;
import java.util.List;

/** What a file must be before its bytes are used. */
final class FileCheck {
    private static final int MAX_FOOTER_BYTES = 256 << 20;

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
        long rows = 0;
        for (RowGroup group : file.rowGroups()) {
            rows += group.rowCount();
            if (group.rowCount() < 1 || group.chunks().size() != columns.size()) {
                throw StreamhouseException.corrupt(
                        path,
                        "row group of %d rows and %d chunks, the schema has %d columns"
                                .formatted(group.rowCount(), group.chunks().size(), columns.size()));
            }
            for (int c = 0; c < columns.size(); c++) {
                checkLocator(file.object(), group.chunks().get(c), columns.get(c));
            }
        }
        if (rows != file.rowCount()) {
            throw StreamhouseException.corrupt(
                    path, "row groups hold %d rows, the file %d".formatted(rows, file.rowCount()));
        }
    }

    private static void checkLocator(FileObject object, ChunkLocator chunk, Field column) {
        if (chunk.fieldId() != column.id()) {
            throw StreamhouseException.corrupt(
                    object.path(),
                    "chunk of field %d stands where column '%s' (field %d) belongs"
                            .formatted(chunk.fieldId(), column.name(), column.id()));
        }
        if (chunk.offset() > object.footerOffset() - chunk.length()) {
            throw StreamhouseException.corrupt(
                    object.path(),
                    "chunk of column '%s' at [%d, +%d) runs into the footer at %d"
                            .formatted(column.name(), chunk.offset(), chunk.length(), object.footerOffset()));
        }
    }

    static void verify(ObjectStore store, DataFile file) throws IOException {
        FileObject object = file.object();
        checkLength(store, object);
        long footer = object.sizeBytes() - object.footerOffset();
        if (footer > MAX_FOOTER_BYTES) {
            throw StreamhouseException.corrupt(object.path(), "footer of %d bytes".formatted(footer));
        }
        ColumnFiles.readChecked(
                store, object.path(), object.footerOffset(), (int) footer, object.footerCrc(), "footer");
        for (RowGroup group : file.rowGroups()) {
            for (ChunkLocator chunk : group.chunks()) {
                ColumnFiles.readChecked(
                        store, object.path(), chunk.offset(), chunk.length(), chunk.crc(), "column chunk");
            }
        }
    }
}
