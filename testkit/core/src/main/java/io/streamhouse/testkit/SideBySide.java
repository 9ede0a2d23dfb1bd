package io.streamhouse.testkit;

import java.util.Comparator;
import java.util.Iterator;
import java.util.Map;
import java.util.NavigableMap;

/** Two maps in one order, walked key by key in a single pass. Thread-safe if nobody changes the maps. */
public final class SideBySide {
    private SideBySide() {}

    /** Told of every key of either map. */
    @FunctionalInterface
    public interface Visitor<K, A, B> {
        /** Values are null where the map has no such key. */
        void visit(K key, A one, B other);
    }

    /**
     * Visits the keys of both maps, ascending.
     *
     * @throws IllegalArgumentException if the maps do not have the same order, which is given by a comparator
     */
    public static <K, A, B> void walk(
            NavigableMap<K, A> one, NavigableMap<K, B> other, Visitor<? super K, ? super A, ? super B> visitor) {
        Comparator<? super K> order = one.comparator();
        if (order == null || !order.equals(other.comparator())) {
            throw new IllegalArgumentException("the maps are in different orders");
        }
        Iterator<Map.Entry<K, A>> left = one.entrySet().iterator();
        Iterator<Map.Entry<K, B>> right = other.entrySet().iterator();
        Map.Entry<K, A> l = next(left);
        Map.Entry<K, B> r = next(right);
        while (l != null || r != null) {
            int way = l == null ? 1 : r == null ? -1 : order.compare(l.getKey(), r.getKey());
            visitor.visit(
                    way <= 0 ? l.getKey() : r.getKey(), way <= 0 ? l.getValue() : null, way >= 0 ? r.getValue() : null);
            l = way <= 0 ? next(left) : l;
            r = way >= 0 ? next(right) : r;
        }
    }

    private static <K, V> Map.Entry<K, V> next(Iterator<Map.Entry<K, V>> entries) {
        return entries.hasNext() ? entries.next() : null;
    }
}
