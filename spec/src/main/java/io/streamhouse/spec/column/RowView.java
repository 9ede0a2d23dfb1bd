package io.streamhouse.spec.column;

/**
 * A row as an engine hands it in: typed access by column position, no objects. The getter must fit the column's
 * {@link io.streamhouse.spec.type.PhysicalType}; calling it on a null column is undefined.
 */
public interface RowView {
    boolean isNull(int column);

    boolean getBoolean(int column);

    /** TINYINT, SMALLINT, INT, DATE (days). */
    int getInt(int column);

    /** BIGINT, TIME and TIMESTAMP (microseconds or nanoseconds by type), DECIMAL of at most 18 digits (unscaled). */
    long getLong(int column);

    float getFloat(int column);

    double getDouble(int column);

    /** UTF-8 text, binary, or 16 bytes of a wide decimal; the array is not written to and not kept. */
    byte[] getBytes(int column);
}
