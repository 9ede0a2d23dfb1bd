package io.streamhouse.read;

import io.streamhouse.log.ChangeSplitId;
import io.streamhouse.log.CommitStamp;
import io.streamhouse.log.Phase;
import io.streamhouse.read.rows.FilePositions;
import io.streamhouse.read.rows.FileRanges;
import io.streamhouse.read.rows.RangeBytes;
import io.streamhouse.spec.codec.ByteInput;
import io.streamhouse.spec.codec.ByteOutput;
import io.streamhouse.spec.key.KeyColumn;
import io.streamhouse.spec.key.Partition;
import io.streamhouse.spec.option.ChangelogShape;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Function;

/** Bytes of a changelog split, for engines that ship and checkpoint splits; refuses other versions and damaged bytes. */
public final class ChangeSplitCodec {
    /** Version of the bytes. */
    public static final int VERSION = 1;

    private static final SplitFrame FRAME = new SplitFrame("split of a changelog", VERSION);

    private ChangeSplitCodec() {}

    public static byte[] write(ChangeSplit split) {
        return FRAME.write(out -> {
            writeWhat(out, split.what());
            out.writeVarint(split.after().size());
            split.after().forEach(a -> RangeBytes.write(out, a));
            out.writeVarint(split.before().size());
            split.before().forEach(b -> RangeBytes.write(out, b));
            writeKeys(out, split.deletes());
        });
    }

    public static ChangeSplit read(byte[] bytes) {
        return FRAME.read(bytes, in -> {
            ChangeSplit.What what = readWhat(in);
            List<FileRanges> after = readAll(in, RangeBytes::readRanges);
            List<FilePositions> before = readAll(in, RangeBytes::readPositions);
            return new ChangeSplit(what, after, before, readKeys(in));
        });
    }

    private static <T> List<T> readAll(ByteInput in, Function<ByteInput, T> element) {
        int count = in.readCount(1);
        List<T> out = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            out.add(element.apply(in));
        }
        return out;
    }

    private static void writeWhat(ByteOutput out, ChangeSplit.What what) {
        out.writeBoolean(what.phase() == Phase.CHANGES);
        out.writeBoolean(what.shape() == ChangelogShape.UPSERT);
        out.writeVarint(what.commit().snapshotId());
        out.writeZigzag(what.commit().timeMillis());
        out.writeVarint(what.commit().schemaId());
        out.writeBytes(what.id().partition().bytes());
        out.writeVarint(what.id().rootBucket());
        out.writeVarint(what.modulus());
    }

    private static ChangeSplit.What readWhat(ByteInput in) {
        Phase phase = in.readBoolean() ? Phase.CHANGES : Phase.FULL;
        ChangelogShape shape = in.readBoolean() ? ChangelogShape.UPSERT : ChangelogShape.FULL;
        CommitStamp commit = new CommitStamp(in.readVarint(), in.readZigzag(), in.readInt());
        ChangeSplitId id = new ChangeSplitId(new Partition(in.readBytes()), in.readInt());
        return new ChangeSplit.What(phase, shape, commit, id, in.readInt());
    }

    private static void writeKeys(ByteOutput out, KeyColumn keys) {
        out.writeVarint(keys.words());
        out.writeVarint(keys.size());
        for (int i = 0; i < keys.size() * keys.words(); i++) {
            out.writeZigzag(keys.longs()[i]);
        }
        for (int i = 0; keys.words() == 0 && i < keys.size(); i++) {
            out.writeBytes(keys.canonical(i));
        }
    }

    private static KeyColumn readKeys(ByteInput in) {
        int words = in.readInt();
        int size = in.readCount(1);
        if (words > 0) {
            if (words > 2) {
                throw in.corrupt("keys of %d words".formatted(words));
            }
            long[] longs = new long[size * words];
            for (int i = 0; i < longs.length; i++) {
                longs[i] = in.readZigzag();
            }
            return KeyColumn.ofLongs(words, size, longs);
        }
        int[] offsets = new int[size + 1];
        byte[] bytes = new byte[0];
        for (int i = 0; i < size; i++) {
            byte[] key = in.readBytes();
            offsets[i + 1] = offsets[i] + key.length;
            if (offsets[i + 1] > bytes.length) {
                bytes = Arrays.copyOf(bytes, Math.max(offsets[i + 1], 2 * bytes.length));
            }
            System.arraycopy(key, 0, bytes, offsets[i], key.length);
        }
        return KeyColumn.ofBytes(size, bytes, offsets);
    }
}
