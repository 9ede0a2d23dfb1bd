package io.streamhouse.spec.codec;

import io.streamhouse.spec.table.FoundPositions;
import java.util.Arrays;

/**
 * Found positions, sparse: number of keys, files, number of hits, then per hit the distance to the one before, the
 * file's ordinal, and the distance to the position last found in that file.
 *
 * @see "spec/commit.md, section Found positions"
 */
public final class FoundPositionsCodec {
    /** Most keys of one writer's delta; a bound for readers that do not know the number beforehand. */
    public static final int MAX_KEYS = 1 << 28;

    private static final Frame FRAME = new Frame("SHFP", 1, "found positions");

    private FoundPositionsCodec() {}

    public static byte[] write(FoundPositions found) {
        return FRAME.write(out -> writeBody(out, found));
    }

    /**
     * Found positions of {@code rows} keys and of further ones that all have a position: the rows and the removals of a
     * table without key.
     */
    public static FoundPositions readWithRemovals(byte[] bytes, int rows, String object) {
        return FRAME.read(bytes, object, in -> readBody(in, rows, true));
    }

    /** Found positions that must be those of {@code keys} keys; another number is refused before it is allocated. */
    public static FoundPositions read(byte[] bytes, int keys, String object) {
        return FRAME.read(bytes, object, in -> readBody(in, keys, false));
    }

    private static void writeBody(ByteOutput out, FoundPositions found) {
        int n = found.size();
        if (n > MAX_KEYS) {
            throw new IllegalArgumentException("%d keys in one delta, at most %d".formatted(n, MAX_KEYS));
        }
        out.writeVarint(n);
        Elements.write(out, found.files(), ByteOutput::writeUuid);
        int hits = 0;
        for (int o : found.ordinals()) {
            hits += o >= 0 ? 1 : 0;
        }
        out.writeVarint(hits);
        long[] last = new long[found.files().size()];
        int next = 0;
        for (int i = 0; i < n; i++) {
            int ordinal = found.ordinals()[i];
            if (ordinal >= 0) {
                int position = found.positions()[i];
                if (ordinal >= last.length || position < 0) {
                    throw new IllegalArgumentException(
                            "key %d at position %d of file %d".formatted(i, position, ordinal));
                }
                out.writeVarint(i - next);
                out.writeVarint(ordinal);
                out.writeZigzag(position - last[ordinal]);
                last[ordinal] = position;
                next = i + 1;
            }
        }
    }

    private static FoundPositions readBody(ByteInput in, int expected, boolean removals) {
        int n = in.readInt();
        if (n < expected || n > expected && !removals) {
            throw in.corrupt("found positions of %d keys, expected %d".formatted(n, expected));
        }
        var files = Elements.read(in, 16, ByteInput::readUuid);
        int hits = in.readCount(3);
        if (hits > n || hits < n - expected) {
            throw in.corrupt("%d hits for %d keys, %d of them rows".formatted(hits, n, expected));
        }
        int[] ordinals = new int[n];
        Arrays.fill(ordinals, -1);
        int[] positions = new int[n];
        long[] last = new long[files.size()];
        long next = 0;
        for (int h = 0; h < hits; h++) {
            long i = next + in.readInt();
            int ordinal = in.readInt();
            if (i >= n || ordinal >= last.length) {
                throw in.corrupt("hit of key %d of %d in file %d of %d".formatted(i, n, ordinal, last.length));
            }
            long position = last[ordinal] + in.readZigzag();
            if (position < 0 || position > Integer.MAX_VALUE) {
                throw in.corrupt("hit at position %d".formatted(position));
            }
            ordinals[(int) i] = ordinal;
            positions[(int) i] = (int) position;
            last[ordinal] = position;
            next = i + 1;
        }
        return new FoundPositions(files, ordinals, positions);
    }
}
