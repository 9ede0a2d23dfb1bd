package io.streamhouse.spec.codec;

import io.streamhouse.spec.StreamhouseException;

/** Enum constants as one byte: their place in the declaration, which therefore never changes (a test holds it). */
final class EnumCodes {
    private EnumCodes() {}

    static void write(ByteOutput out, Enum<?> value) {
        out.writeByte(value.ordinal());
    }

    /** A code that this build does not know is {@code UNKNOWN_VERSION}. */
    static <E extends Enum<E>> E read(ByteInput in, Class<E> type) {
        return of(in.readByte(), type, in.object());
    }

    /** The constant of a code. */
    static <E extends Enum<E>> E of(int code, Class<E> type, String object) {
        E[] known = type.getEnumConstants();
        if (code < 0 || code >= known.length) {
            throw unknown(object, type, Integer.toString(code));
        }
        return known[code];
    }

    /** A name that this build does not know is {@code UNKNOWN_VERSION}. */
    static <E extends Enum<E>> E parse(String name, Class<E> type, String object) {
        for (E e : type.getEnumConstants()) {
            if (e.name().equals(name)) {
                return e;
            }
        }
        throw unknown(object, type, name);
    }

    static StreamhouseException unknown(String object, Class<?> type, String code) {
        return StreamhouseException.unknownVersion(object, "%s '%s'".formatted(type.getSimpleName(), code));
    }
}
