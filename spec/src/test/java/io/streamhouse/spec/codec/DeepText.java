package io.streamhouse.spec.codec;

import io.streamhouse.spec.key.KeyColumn;
import java.lang.reflect.Array;
import java.lang.reflect.RecordComponent;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** A record with everything in it as text, arrays by content: two values are the same if their texts are. */
final class DeepText {
    private DeepText() {}

    static String of(Object value) {
        StringBuilder out = new StringBuilder();
        append(out, value);
        return out.toString();
    }

    private static void append(StringBuilder out, Object value) {
        if (value instanceof Record r) {
            out.append(r.getClass().getSimpleName()).append('{');
            for (RecordComponent c : r.getClass().getRecordComponents()) {
                out.append(c.getName()).append('=');
                try {
                    append(out, c.getAccessor().invoke(r));
                } catch (ReflectiveOperationException e) {
                    throw new AssertionError(e);
                }
                out.append(' ');
            }
            out.append('}');
        } else if (value instanceof List<?> list) {
            out.append('[');
            list.forEach(v -> append(out.append(','), v));
            out.append(']');
        } else if (value instanceof Map<?, ?> map) {
            map.forEach((k, v) -> {
                out.append(k).append("->");
                append(out, v);
            });
        } else if (value instanceof Optional<?> o) {
            append(out.append("Optional"), o.isPresent() ? List.of(o.get()) : List.of());
        } else if (value instanceof KeyColumn keys) {
            out.append(keys.words()).append(':');
            for (int i = 0; i < keys.size(); i++) {
                append(out, keys.canonical(i));
            }
        } else if (value != null && value.getClass().isArray()) {
            out.append('[');
            for (int i = 0; i < Array.getLength(value); i++) {
                out.append(Array.get(value, i)).append(' ');
            }
            out.append(']');
        } else {
            out.append(value);
        }
    }
}
