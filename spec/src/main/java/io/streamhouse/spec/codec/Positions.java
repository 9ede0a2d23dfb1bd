package io.streamhouse.spec.codec;

/** Ascending distinct positions: their number, the first one, then each distance to the one before minus one. */
final class Positions {
    private Positions() {}

    static void write(ByteOutput out, int[] positions) {
        out.writeVarint(positions.length);
        long next = 0;
        for (int p : positions) {
            if (p < next) {
                throw new IllegalArgumentException("position %d after %d".formatted(p, next - 1));
            }
            out.writeUnsigned(p - next);
            next = p + 1L;
        }
    }

    static int[] read(ByteInput in) {
        int[] positions = new int[in.readCount(1)];
        long next = 0;
        for (int i = 0; i < positions.length; i++) {
            long p = next + in.readInt();
            if (p > Integer.MAX_VALUE) {
                throw in.corrupt("position %d in a mask".formatted(p));
            }
            positions[i] = (int) p;
            next = p + 1;
        }
        return positions;
    }
}
