package io.streamhouse.spec.table;

import java.util.Objects;

/**
 * What a reader keeps from expiring while it runs.
 *
 * @param oldestSnapshot oldest snapshot that it still needs
 * @param validUntilMillis when the lease ends unless it is renewed, in milliseconds since the epoch; 0 = given back
 * @param owner who holds it, for people
 */
public record Lease(long oldestSnapshot, long validUntilMillis, String owner) {
    public Lease {
        Objects.requireNonNull(owner, "owner");
        if (oldestSnapshot < 0 || validUntilMillis < 0) {
            throw new IllegalArgumentException(
                    "lease of snapshot %d until %d".formatted(oldestSnapshot, validUntilMillis));
        }
    }
}
