package io.streamhouse.catalog;

import java.util.Arrays;
import java.util.HashSet;
import java.util.Set;

/**
 * The protections that are in force: all of them, but in tests.
 *
 * @param leftOut the others
 */
public record Protections(Set<Protection> leftOut) {
    public static final Protections ALL = new Protections(Set.of());

    public Protections {
        leftOut = Set.copyOf(leftOut);
    }

    /** All but some. A warehouse that is used so may lose or double commits. */
    public static Protections without(Protection... leftOut) {
        return new Protections(new HashSet<>(Arrays.asList(leftOut)));
    }

    /** Whether a protection is in force. */
    public boolean has(Protection protection) {
        return !leftOut.contains(protection);
    }
}
