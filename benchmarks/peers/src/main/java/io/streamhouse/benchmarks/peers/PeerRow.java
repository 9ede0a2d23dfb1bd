package io.streamhouse.benchmarks.peers;

import java.math.BigDecimal;

/**
 * A row: a function of its key.
 *
 * @param id key
 * @param count INT
 * @param amount DECIMAL(12, 2)
 * @param rate DOUBLE, sometimes null
 * @param status STRING of few values
 */
public record PeerRow(String id, int count, BigDecimal amount, Double rate, String status) {
    /** The row of a key. */
    public static PeerRow of(String id) {
        int n = Math.floorMod(id.hashCode() * 31, 1000);
        return new PeerRow(id, n, BigDecimal.valueOf(n * 37L, 2), n % 7 == 0 ? null : n / 8.0, "status-" + n % 5);
    }

    /** A row in words, the same for every store. */
    public static String text(String id, Object count, BigDecimal amount, Double rate, String status) {
        return id + '|' + count + '|' + (amount == null ? null : amount.toPlainString()) + '|' + rate + '|' + status;
    }

    String text() {
        return text(id, count, amount, rate, status);
    }
}
