package io.streamhouse.spec.column;

import java.math.BigInteger;
import java.util.Arrays;

/** Unscaled values of decimals of more than 18 digits: 16 bytes, two's complement, big-endian. */
public final class WideDecimal {
    /** Bytes of a value. */
    public static final int LENGTH = 16;

    private WideDecimal() {}

    /** The 16 bytes of an unscaled value of at most 38 digits. */
    public static byte[] bytes(BigInteger unscaled) {
        byte[] minimal = unscaled.toByteArray();
        if (minimal.length > LENGTH) {
            throw new IllegalArgumentException("decimal with " + minimal.length + " bytes, at most 16");
        }
        byte[] out = new byte[LENGTH];
        Arrays.fill(out, 0, LENGTH - minimal.length, (byte) (unscaled.signum() < 0 ? -1 : 0));
        System.arraycopy(minimal, 0, out, LENGTH - minimal.length, minimal.length);
        return out;
    }

    /** The unscaled value that begins at an offset. */
    public static BigInteger unscaled(byte[] data, int offset) {
        return new BigInteger(data, offset, LENGTH);
    }
}
