package io.streamhouse.spec;

/** Codes that users, scripts and engines see; names never change. Source: spec/table.md, section Errors. */
public enum ErrorCode {
    TABLE_EXISTS,
    TABLE_NOT_FOUND,
    DATABASE_EXISTS,
    DATABASE_NOT_FOUND,
    DATABASE_NOT_EMPTY,
    UNKNOWN_OPTION,
    BAD_OPTION_VALUE,
    UNSUPPORTED_TYPE,
    BAD_NAME,
    BAD_KEY,
    NULL_KEY,
    SCHEMA_MISMATCH,
    CORRUPT_FILE,
    MISSING_FILE,
    UNKNOWN_VERSION,
    SNAPSHOT_EXPIRED,
    SNAPSHOT_NOT_FOUND,
    NOT_INSERT_ONLY,
    WRITER_FENCED,
    COMMIT_REFUSED,
    WRITE_CONFLICT,
    OLDER_SAVEPOINT,
    NO_COMMIT_PRIMITIVE,
    NO_PERMISSION,
    NO_SPACE
}
