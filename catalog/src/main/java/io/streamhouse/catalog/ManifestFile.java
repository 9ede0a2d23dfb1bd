package io.streamhouse.catalog;

import io.streamhouse.spec.codec.ByteInput;
import io.streamhouse.spec.codec.ByteOutput;
import io.streamhouse.spec.codec.FileEntryCodec;
import io.streamhouse.spec.table.FileEntry;
import java.util.ArrayList;
import java.util.List;

/** Bytes of a manifest. */
final class ManifestFile {
    private ManifestFile() {}

    static byte[] write(List<FileEntry> entries) {
        ByteOutput out = new ByteOutput();
        for (FileEntry entry : entries) {
            out.writeBytes(FileEntryCodec.write(entry));
        }
        return out.toByteArray();
    }

    static List<FileEntry> read(byte[] bytes, String path) {
        ByteInput in = new ByteInput(bytes, path);
        List<FileEntry> entries = new ArrayList<>();
        while (in.remaining() > 0) {
            entries.add(FileEntryCodec.read(in.readBytes(), path));
        }
        return entries;
    }
}
