package io.streamhouse.write;

import io.streamhouse.catalog.Table;
import io.streamhouse.spec.option.DataSize;
import io.streamhouse.spec.option.TableOptions;
import java.nio.file.Path;
import java.util.Objects;

/**
 * Place and means of one writer.
 *
 * @param writer index of the writer in its job, from 0
 * @param writers number of writers of the job
 * @param buffer heap for buffered rows; beyond it rows go to local files until the flush
 * @param spillDirectory local directory for these files; created when needed
 */
public record WriterSettings(int writer, int writers, DataSize buffer, Path spillDirectory) {
    public WriterSettings {
        Objects.requireNonNull(buffer, "buffer");
        Objects.requireNonNull(spillDirectory, "spillDirectory");
        if (writer < 0 || writer >= writers) {
            throw new IllegalArgumentException("writer %d of %d".formatted(writer, writers));
        }
    }

    /** The only writer of a plain program: buffer as the table says, spill in the JVM's temporary directory. */
    static WriterSettings single(Table table) {
        DataSize buffer = TableOptions.parse(table.schema().options()).writeBufferSize();
        return new WriterSettings(0, 1, buffer, Path.of(System.getProperty("java.io.tmpdir")));
    }
}
