package io.streamhouse.testkit.simulation;

import java.util.ArrayList;
import java.util.List;

/** What happened in one history, in order: lines for a reader, a hash for a comparison. */
final class Trace {
    private final List<String> lines = new ArrayList<>();
    private long hash = 0xcbf29ce484222325L;
    private int depth;

    void note(String format, Object... values) {
        String line = line(format, values);
        lines.add(line);
        for (int i = 0; i < line.length(); i++) {
            hash = (hash ^ line.charAt(i)) * 0x100000001b3L; // FNV-1a
        }
    }

    // a tenth of the time of a history went into Formatter
    private String line(String format, Object... values) {
        StringBuilder out = new StringBuilder(format.length() + 64).append("  ".repeat(depth));
        int from = 0;
        for (Object value : values) {
            int mark = format.indexOf('%', from);
            out.append(format, from, mark).append(value);
            from = mark + 2; // %s or %d
        }
        return out.append(format, from, format.length()).toString();
    }

    /** Mixes in what has no line. */
    void mix(long value) {
        hash = (hash ^ value) * 0x100000001b3L;
        hash ^= hash >>> 32;
    }

    /** Further lines belong to what happens within the last one. */
    void enter() {
        depth++;
    }

    void leave() {
        depth--;
    }

    long hash() {
        return hash;
    }

    List<String> lines() {
        return List.copyOf(lines);
    }
}
