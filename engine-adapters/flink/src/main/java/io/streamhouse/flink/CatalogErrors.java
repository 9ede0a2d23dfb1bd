package io.streamhouse.flink;

import io.streamhouse.spec.StreamhouseException;
import java.io.IOException;
import org.apache.flink.table.api.ValidationException;
import org.apache.flink.table.catalog.exceptions.CatalogException;

/** The table's errors as Flink's catalog callers know them; the code stays in the message. */
final class CatalogErrors {
    private CatalogErrors() {}

    /** What a catalog call does; may fail with the table's own errors. */
    @FunctionalInterface
    interface Call<T> {
        T run() throws IOException;
    }

    /** Runs a call; errors of users become ValidationException, all others CatalogException. */
    static <T> T translated(Call<T> call) {
        try {
            return call.run();
        } catch (StreamhouseException e) {
            throw translate(e);
        } catch (IOException e) {
            throw new CatalogException(e.getMessage(), e);
        }
    }

    static RuntimeException translate(StreamhouseException e) {
        return switch (e.code()) {
            case UNKNOWN_OPTION,
                    BAD_OPTION_VALUE,
                    UNSUPPORTED_TYPE,
                    BAD_NAME,
                    BAD_KEY,
                    NULL_KEY,
                    SCHEMA_MISMATCH,
                    SNAPSHOT_EXPIRED,
                    SNAPSHOT_NOT_FOUND -> new ValidationException(e.getMessage(), e);
            default -> new CatalogException(e.getMessage(), e);
        };
    }
}
