package io.streamhouse.spec.codec;

import io.streamhouse.spec.StreamhouseException;
import io.streamhouse.spec.table.FileEntry;

/**
 * A data file as the tree holds it: a flags byte (0 in version 1; reserved are full vector and position map), then
 * addedIn, the age difference to bornIn, the first row id and the file.
 *
 * @see "spec/lake.md, section File entries"
 */
public final class FileEntryCodec {
    private static final Frame FRAME = new Frame("SHFE", 1, "file entry");

    static final int MIN_BYTES = 4 + DataFileCodec.MIN_BYTES;

    private FileEntryCodec() {}

    public static byte[] write(FileEntry entry) {
        return FRAME.write(out -> writeBody(out, entry));
    }

    public static FileEntry read(byte[] bytes, String object) {
        return FRAME.read(bytes, object, FileEntryCodec::readBody);
    }

    static void writeBody(ByteOutput out, FileEntry entry) {
        out.writeByte(0);
        out.writeVarint(entry.addedIn());
        out.writeVarint(entry.addedIn() - entry.bornIn());
        out.writeVarint(entry.firstRowId());
        DataFileCodec.writeBody(out, entry.file());
    }

    static FileEntry readBody(ByteInput in) {
        int flags = in.readByte();
        if (flags != 0) {
            throw StreamhouseException.unknownVersion(in.object(), "file entry with flags %d".formatted(flags));
        }
        long addedIn = in.readVarint();
        long bornIn = addedIn - in.readVarint();
        if (bornIn < 0) {
            throw in.corrupt("file entry of snapshot %d was born in %d".formatted(addedIn, bornIn));
        }
        long firstRowId = in.readVarint();
        return new FileEntry(DataFileCodec.readBody(in), addedIn, bornIn, firstRowId);
    }
}
