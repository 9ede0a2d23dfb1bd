package io.streamhouse.spec;

/** Kind of a row-level change, as written by engines and read by subscribers. */
public enum RowKind {
    INSERT("+I", 0),
    UPDATE_BEFORE("-U", 1),
    UPDATE_AFTER("+U", 2),
    DELETE("-D", 3);

    private final String symbol;
    private final byte code;

    RowKind(String symbol, int code) {
        this.symbol = symbol;
        this.code = (byte) code;
    }

    /** The usual two characters. */
    public String symbol() {
        return symbol;
    }

    /** Stable byte of the format: 0 to 3 in declaration order. */
    public byte code() {
        return code;
    }

    /** True if the change takes a row away: in a keyed table both mean "this key is gone unless a row follows". */
    public boolean isRetraction() {
        return this == UPDATE_BEFORE || this == DELETE;
    }

    /** The kind of a stable byte. */
    public static RowKind of(byte code) {
        return switch (code) {
            case 0 -> INSERT;
            case 1 -> UPDATE_BEFORE;
            case 2 -> UPDATE_AFTER;
            case 3 -> DELETE;
            default -> throw new IllegalArgumentException("row kind code " + code + " is not 0 to 3");
        };
    }
}
