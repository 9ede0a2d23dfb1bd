package io.streamhouse.spec.codec;

import io.streamhouse.spec.StreamhouseException;
import io.streamhouse.spec.table.ContentType;
import io.streamhouse.spec.table.DataFile;
import io.streamhouse.spec.table.FileFormat;
import io.streamhouse.spec.table.FileObject;
import io.streamhouse.spec.table.FileSource;

/**
 * A data file's record.
 *
 * @see "spec/lake.md, section Data files"
 */
public final class DataFileCodec {
    private static final Frame FRAME = new Frame("SHDF", 1, "data file record");

    /** UUID, path length, format, size, footer offset, footer CRC, origin, rows, three counts. */
    static final int MIN_BYTES = 16 + 1 + 1 + 2 + 4 + 4 + 1 + 3;

    private DataFileCodec() {}

    public static byte[] write(DataFile file) {
        return FRAME.write(out -> writeBody(out, file));
    }

    public static DataFile read(byte[] bytes, String object) {
        return FRAME.read(bytes, object, DataFileCodec::readBody);
    }

    static void writeBody(ByteOutput out, DataFile file) {
        FileObject o = file.object();
        out.writeUuid(o.id());
        out.writeString(o.path());
        EnumCodes.write(out, o.format());
        out.writeVarint(o.sizeBytes());
        out.writeVarint(o.footerOffset());
        out.writeFixed32(o.footerCrc());
        out.writeVarint(file.origin().level());
        EnumCodes.write(out, checkedContent(file));
        EnumCodes.write(out, file.origin().source());
        out.writeVarint(file.origin().schemaId());
        out.writeVarint(file.rowCount());
        SliceCodec.writeBody(out, file.slices());
        RowGroupCodec.writeBody(out, file.rowGroups());
        ColumnStatsCodec.writeBody(out, file.stats());
    }

    static DataFile readBody(ByteInput in) {
        FileObject object = new FileObject(
                in.readUuid(),
                in.readString(),
                EnumCodes.read(in, FileFormat.class),
                in.readVarint(),
                in.readVarint(),
                in.readFixed32());
        int level = in.readInt();
        ContentType content = checkedContent(EnumCodes.read(in, ContentType.class), in.object(), object.path());
        FileSource source = EnumCodes.read(in, FileSource.class);
        DataFile.Origin origin = new DataFile.Origin(level, content, source, in.readInt());
        return new DataFile(
                object,
                origin,
                in.readInt(),
                SliceCodec.readBody(in),
                RowGroupCodec.readBody(in),
                ColumnStatsCodec.readBody(in));
    }

    /** Content of a file that is written: version 1 knows rows only. */
    static ContentType checkedContent(DataFile file) {
        ContentType content = file.origin().content();
        if (content != ContentType.DATA) {
            throw new IllegalArgumentException("%s holds %s, version 1 writes DATA only"
                    .formatted(file.object().path(), content));
        }
        return content;
    }

    /** Content of a file that is read: rows of another meaning read as data would be a wrong answer. */
    static ContentType checkedContent(ContentType content, String object, String path) {
        if (content != ContentType.DATA) {
            throw StreamhouseException.unknownVersion(object, "%s holds %s".formatted(path, content));
        }
        return content;
    }
}
