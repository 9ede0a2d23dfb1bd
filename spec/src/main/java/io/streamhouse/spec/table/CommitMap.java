package io.streamhouse.spec.table;

import java.util.Collections;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * Commit users and how far each has come; travels unchanged through every kind of snapshot.
 *
 * @param users state by user name, ascending
 */
public record CommitMap(Map<String, UserState> users) {
    public static final CommitMap EMPTY = new CommitMap(Map.of());

    public CommitMap {
        users = Collections.unmodifiableMap(new TreeMap<>(users));
    }

    public Optional<UserState> user(String name) {
        return Optional.ofNullable(users.get(name));
    }

    /** A copy with one user's state replaced. */
    public CommitMap with(String name, UserState state) {
        Map<String, UserState> next = new TreeMap<>(users);
        next.put(name, state);
        return new CommitMap(next);
    }
}
