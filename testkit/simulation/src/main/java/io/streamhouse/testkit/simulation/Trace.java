package io.streamhouse.testkit.simulation;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** What happened in one history, in order: lines for a reader, a hash for a comparison. */
final class Trace {
    private final List<String> lines = new ArrayList<>();
    private long hash = 0xcbf29ce484222325L;
    private int depth;

    void note(String format, Object... values) {
        String line = "  ".repeat(depth) + String.format(Locale.ROOT, format, values);
        lines.add(line);
        for (int i = 0; i < line.length(); i++) {
            hash = (hash ^ line.charAt(i)) * 0x100000001b3L; // FNV-1a
        }
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
