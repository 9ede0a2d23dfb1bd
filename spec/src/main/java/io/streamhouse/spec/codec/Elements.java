package io.streamhouse.spec.codec;

import java.util.ArrayList;
import java.util.List;
import java.util.function.BiConsumer;
import java.util.function.Function;

/** Lists in frames: a varint count, then the elements. */
final class Elements {
    private Elements() {}

    static <T> void write(ByteOutput out, List<T> values, BiConsumer<ByteOutput, T> element) {
        out.writeVarint(values.size());
        for (T v : values) {
            element.accept(out, v);
        }
    }

    static <T> List<T> read(ByteInput in, int minBytes, Function<ByteInput, T> element) {
        int count = in.readCount(minBytes);
        List<T> out = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            out.add(element.apply(in));
        }
        return out;
    }
}
