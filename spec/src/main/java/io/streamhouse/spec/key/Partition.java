package io.streamhouse.spec.key;

import java.util.Arrays;
import java.util.HexFormat;

/** A partition tuple in normalised, typed bytes ({@link KeyEncoder#partitions}); ordered by them. Immutable. */
public final class Partition implements Comparable<Partition> {
    /** The one partition of an unpartitioned table. */
    public static final Partition NONE = new Partition(new byte[0]);

    private final byte[] bytes;

    public Partition(byte[] bytes) {
        this.bytes = bytes.clone();
    }

    /** The tuple's bytes; a copy. */
    public byte[] bytes() {
        return bytes.clone();
    }

    @Override
    public int compareTo(Partition other) {
        return Arrays.compareUnsigned(bytes, other.bytes);
    }

    @Override
    public boolean equals(Object o) {
        return o instanceof Partition p && Arrays.equals(bytes, p.bytes);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(bytes);
    }

    @Override
    public String toString() {
        return "partition:" + HexFormat.of().formatHex(bytes);
    }
}
