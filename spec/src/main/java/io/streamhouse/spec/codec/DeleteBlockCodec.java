package io.streamhouse.spec.codec;

import io.streamhouse.spec.StreamhouseException;
import io.streamhouse.spec.key.KeyColumn;
import io.streamhouse.spec.key.Partition;
import io.streamhouse.spec.table.DeleteBlock;
import java.util.ArrayList;
import java.util.List;

/**
 * Keys that a commit deletes: words per key, groups, then the keys, each as the difference to the one before in its
 * group.
 *
 * @see "spec/log.md, section Delete blocks"
 */
public final class DeleteBlockCodec {
    private static final Frame FRAME = new Frame("SHDB", 1, "delete block");

    /** Longest prefix that a byte string key shares with the one before; bounds what a small block can expand to. */
    private static final int MAX_SHARED = 255;

    private DeleteBlockCodec() {}

    public static byte[] write(DeleteBlock block) {
        return FRAME.write(out -> writeBody(out, block));
    }

    public static DeleteBlock read(byte[] bytes, String object) {
        return FRAME.read(bytes, object, DeleteBlockCodec::readBody);
    }

    private static void writeBody(ByteOutput out, DeleteBlock block) {
        KeyColumn keys = block.keys();
        out.writeByte(keys.words());
        out.writeVarint(block.groups().size());
        PartitionRun partitions = new PartitionRun();
        for (DeleteBlock.Group g : block.groups()) {
            out.writeByte(0);
            partitions.write(out, g.partition());
            out.writeVarint(g.modulus());
            out.writeVarint(g.bucket());
            out.writeVarint(g.count());
        }
        if (keys.words() == 0) {
            out.writeVarint(keys.offsets()[keys.size()] - keys.offsets()[0]);
        }
        for (DeleteBlock.Group g : block.groups()) {
            if (keys.words() == 0) {
                writeStrings(out, keys, g.first(), g.count());
            } else {
                writeLongs(out, keys, g.first(), g.count());
            }
        }
    }

    private static void writeLongs(ByteOutput out, KeyColumn keys, int first, int count) {
        long high = 0;
        long low = 0;
        for (int i = first; i < first + count; i++) {
            // first words ascend, so the difference is unsigned; second words go up and down
            long h = keys.longs()[i * keys.words()];
            writeDifference(out, h - high, i == first);
            high = h;
            if (keys.words() == 2) {
                long l = keys.longs()[2 * i + 1];
                out.writeZigzag(l - low);
                low = l;
            }
        }
    }

    private static void writeDifference(ByteOutput out, long difference, boolean first) {
        if (first) {
            out.writeZigzag(difference);
        } else {
            out.writeUnsigned(difference);
        }
    }

    private static void writeStrings(ByteOutput out, KeyColumn keys, int first, int count) {
        byte[] data = keys.bytes();
        int[] offsets = keys.offsets();
        for (int i = first; i < first + count; i++) {
            int length = offsets[i + 1] - offsets[i];
            int shared = 0;
            if (i > first) {
                int limit = Math.min(Math.min(length, offsets[i] - offsets[i - 1]), MAX_SHARED);
                while (shared < limit && data[offsets[i] + shared] == data[offsets[i - 1] + shared]) {
                    shared++;
                }
            }
            out.writeVarint(shared);
            out.writeVarint(length - shared);
            out.writeRaw(data, offsets[i] + shared, length - shared);
        }
    }

    private static DeleteBlock readBody(ByteInput in) {
        int words = in.readByte();
        if (words > 2) {
            throw in.corrupt("keys of %d words".formatted(words));
        }
        List<DeleteBlock.Group> groups = new ArrayList<>();
        int groupCount = in.readCount(5);
        PartitionRun partitions = new PartitionRun();
        long keyCount = 0;
        for (int i = 0; i < groupCount; i++) {
            groups.add(readGroup(in, partitions, keyCount));
            keyCount += groups.get(i).count();
        }
        long minBytes = words == 1 ? 1 : 2;
        if (keyCount > in.remaining() / minBytes) {
            throw in.corrupt("%d keys in %d bytes".formatted(keyCount, in.remaining()));
        }
        int size = (int) keyCount;
        return new DeleteBlock(groups, words == 0 ? readStrings(in, groups, size) : readLongs(in, groups, size, words));
    }

    private static DeleteBlock.Group readGroup(ByteInput in, PartitionRun partitions, long first) {
        int flags = in.readByte();
        if (flags != 0) {
            throw StreamhouseException.unknownVersion(in.object(), "delete group with flags %d".formatted(flags));
        }
        Partition partition = partitions.read(in);
        int modulus = in.readInt();
        int bucket = in.readInt();
        int count = in.readInt();
        if (bucket >= modulus || count < 1 || first + count > Integer.MAX_VALUE) {
            throw in.corrupt("delete group of %d keys in bucket %d mod %d".formatted(count, bucket, modulus));
        }
        return new DeleteBlock.Group(partition, modulus, bucket, (int) first, count);
    }

    private static KeyColumn readLongs(ByteInput in, List<DeleteBlock.Group> groups, int size, int words) {
        long[] longs = new long[Math.multiplyExact(size, words)];
        int at = 0;
        for (DeleteBlock.Group g : groups) {
            long high = 0;
            long low = 0;
            for (int i = 0; i < g.count(); i++) {
                high += i == 0 ? in.readZigzag() : in.readUnsigned();
                longs[at++] = high;
                if (words == 2) {
                    low += in.readZigzag();
                    longs[at++] = low;
                }
            }
        }
        return KeyColumn.ofLongs(words, size, longs);
    }

    private static KeyColumn readStrings(ByteInput in, List<DeleteBlock.Group> groups, int size) {
        int total = in.readInt();
        if (total > (long) in.remaining() * (MAX_SHARED + 1)) {
            throw in.corrupt("keys of %d bytes in %d bytes".formatted(total, in.remaining()));
        }
        byte[] data = new byte[total];
        int[] offsets = new int[size + 1];
        int at = 0;
        for (DeleteBlock.Group g : groups) {
            int last = 0;
            for (int i = 0; i < g.count(); i++) {
                int shared = in.readInt();
                int rest = in.readInt();
                if (shared > MAX_SHARED || shared > last || rest > total - offsets[at] - shared) {
                    throw in.corrupt("key of %d + %d bytes after one of %d".formatted(shared, rest, last));
                }
                System.arraycopy(data, offsets[at] - last, data, offsets[at], shared);
                in.readRaw(data, offsets[at] + shared, rest);
                last = shared + rest;
                offsets[at + 1] = offsets[at] + last;
                at++;
            }
        }
        if (offsets[size] != total) {
            throw in.corrupt("keys of %d bytes, expected %d".formatted(offsets[size], total));
        }
        return KeyColumn.ofBytes(size, data, offsets);
    }
}
