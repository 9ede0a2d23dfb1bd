package io.streamhouse.testkit;

/** What a {@link FaultProxy} does to one request. */
public enum NetworkFault {
    /** The request reaches the server and its answer the client. */
    NONE,
    /** The connection is cut before the request reaches the server. */
    RESET,
    /** The server does what it is asked; its answer is lost. */
    LOST,
    /** The answer is lost, and the server gets the request only after {@link FaultProxy#release()}. */
    LATE,
    /** The server gets the request twice; the client gets the second answer. */
    DOUBLED,
    /** The answer comes in small pieces. */
    SLOW,
    /** The connection is cut in the middle of the answer's body. */
    CUT,
    /** 503 without reaching the server. */
    BUSY(503, "SlowDown"),
    /** 409 without reaching the server: what S3 says when two conditional puts overlap. */
    CONFLICT(409, "ConditionalRequestConflict"),
    /** 501 without reaching the server: a store without conditional puts. */
    NOT_IMPLEMENTED(501, "NotImplemented");

    private final int status;
    private final String code;

    NetworkFault() {
        this(0, "");
    }

    NetworkFault(int status, String code) {
        this.status = status;
        this.code = code;
    }

    /** True if the proxy answers in the server's place. */
    boolean answers() {
        return status != 0;
    }

    int status() {
        return status;
    }

    /** The error's name, as S3 writes it. */
    String code() {
        return code;
    }
}
