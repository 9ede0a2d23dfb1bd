package io.streamhouse.read;

import io.streamhouse.read.rows.RangeBytes;

/** Bytes of a scan split, for engines that ship splits; refuses other versions and damaged bytes. */
public final class ScanSplitCodec {
    /** Version of the bytes. */
    public static final int VERSION = 1;

    private static final SplitFrame FRAME = new SplitFrame("split of a scan", VERSION);

    private ScanSplitCodec() {}

    public static byte[] write(ScanSplit split) {
        return FRAME.write(out -> {
            out.writeVarint(split.snapshotId());
            RangeBytes.write(out, split.rows());
        });
    }

    public static ScanSplit read(byte[] bytes) {
        return FRAME.read(bytes, in -> new ScanSplit(in.readVarint(), RangeBytes.readRanges(in)));
    }
}
