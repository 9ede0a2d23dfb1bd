package io.streamhouse.testkit.simulation.damage;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.UnaryOperator;
import java.util.random.RandomGenerator;

/**
 * One way to damage an object.
 *
 * @param what in words, with the place
 * @param apply the harmed bytes of whole ones; gets a copy
 */
record Harm(String what, UnaryOperator<byte[]> apply) {
    /** Objects up to this size are harmed at every byte. */
    static final int SMALL_BYTES = 8 << 10;

    private static final int[] CLEARED = {16, 64, 512};

    /**
     * How much is tried.
     *
     * @param every whether every byte of a small object is
     * @param samples places in others
     * @param files files of one kind that are harmed, and others that each is swapped for
     */
    record Scale(boolean every, int samples, int files) {}

    /** All harms of a subject but swaps; {@code whole} are the bytes of its object. */
    static List<Harm> of(Subject subject, byte[] whole, Scale scale, RandomGenerator random) {
        List<Harm> out = new ArrayList<>();
        for (int at : places(subject.from(), subject.to(), scale, scale.samples(), random)) {
            int bit = random.nextInt(8);
            out.add(new Harm("bit %d of byte %d".formatted(bit, at), bytes -> {
                bytes[at] ^= (byte) (1 << bit);
                return bytes;
            }));
        }
        for (int length : places(subject.from(), subject.to(), scale, scale.samples() / 2, random)) {
            out.add(new Harm("cut to " + length, bytes -> Arrays.copyOf(bytes, length)));
        }
        for (int size : CLEARED) {
            Scale blocks = new Scale(scale.every(), Math.max(1, scale.samples() / 8), scale.files());
            for (int at : places(0, (subject.length() + size - 1) / size, blocks, blocks.samples(), random)) {
                int from = subject.from() + at * size;
                int to = Math.min(subject.to(), from + size);
                if (!isClear(whole, from, to)) {
                    out.add(new Harm("cleared %d to %d".formatted(from, to), bytes -> {
                        Arrays.fill(bytes, from, to, (byte) 0);
                        return bytes;
                    }));
                }
            }
        }
        if (subject.whole()) {
            for (int more : new int[] {1, 8, 4096}) {
                out.add(new Harm(more + " bytes more", bytes -> Arrays.copyOf(bytes, bytes.length + more)));
            }
        }
        return out;
    }

    /** The object holds the bytes of another one. */
    static Harm swapped(String other, byte[] bytes) {
        return new Harm("swapped for " + other, any -> bytes.clone());
    }

    private static boolean isClear(byte[] bytes, int from, int to) {
        for (int i = from; i < to; i++) {
            if (bytes[i] != 0) {
                return false;
            }
        }
        return true;
    }

    private static int[] places(int from, int to, Scale scale, int samples, RandomGenerator random) {
        int length = to - from;
        if (length <= samples || scale.every() && length <= SMALL_BYTES) {
            int[] all = new int[length];
            Arrays.setAll(all, i -> from + i);
            return all;
        }
        return random.ints(samples, from, to).sorted().distinct().toArray();
    }
}
