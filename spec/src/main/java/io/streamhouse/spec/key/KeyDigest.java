package io.streamhouse.spec.key;

import java.util.HexFormat;

/**
 * Order-independent digest of a set of keys: the sum of their 128-bit hashes modulo 2^128.
 *
 * @param high upper 64 bits
 * @param low lower 64 bits
 */
public record KeyDigest(long high, long low) {
    public static final KeyDigest ZERO = new KeyDigest(0, 0);

    public KeyDigest plus(KeyDigest other) {
        long l = low + other.low;
        long carry = Long.compareUnsigned(l, low) < 0 ? 1 : 0;
        return new KeyDigest(high + other.high + carry, l);
    }

    public KeyDigest minus(KeyDigest other) {
        long borrow = Long.compareUnsigned(low, other.low) < 0 ? 1 : 0;
        return new KeyDigest(high - other.high - borrow, low - other.low);
    }

    /** 32 hexadecimal digits. */
    @Override
    public String toString() {
        return HexFormat.of().toHexDigits(high) + HexFormat.of().toHexDigits(low);
    }

    public static KeyDigest parse(String hex) {
        if (hex.length() != 32 || !hex.chars().allMatch(c -> Character.digit(c, 16) >= 0 && c < 128)) {
            throw new IllegalArgumentException("digest '%s' has not 32 hexadecimal digits".formatted(hex));
        }
        return new KeyDigest(Long.parseUnsignedLong(hex, 0, 16, 16), Long.parseUnsignedLong(hex, 16, 32, 16));
    }
}
