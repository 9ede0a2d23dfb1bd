package io.streamhouse.read.rows;

import io.streamhouse.lake.FileColumns;
import io.streamhouse.log.RowSource;
import io.streamhouse.log.SourceBatch;
import java.io.IOException;
import java.util.Arrays;

/** Rows at single positions of one slice with their keys, fetched page by page in portions. One thread. */
public final class BeforeRows implements RowSource {
    private final RowFiles files;
    private final FilePositions source;
    private final KeyedRows keyed;
    private final int portion;
    private FileColumns columns;
    private int at;

    /** @param portion rows fetched, and held, at a time */
    public BeforeRows(RowFiles files, FilePositions source, KeyedRows keyed, int portion) {
        this.files = files;
        this.source = source;
        this.keyed = keyed;
        this.portion = portion;
    }

    @Override
    public SourceBatch next() throws IOException {
        int[] positions = source.positions();
        if (at == positions.length) {
            close();
            return null;
        }
        if (columns == null) {
            files.counts().filesOpened++;
            columns = files.open(source.file(), keyed.columns(), positions[0], positions[positions.length - 1] + 1);
        }
        int to = Math.min(positions.length, at + portion);
        int[] wanted = Arrays.copyOfRange(positions, at, to);
        at = to;
        files.counts().rowsFetched += wanted.length;
        return keyed.of(columns.rows(wanted));
    }

    @Override
    public void close() throws IOException {
        if (columns != null) {
            columns.close();
            columns = null;
        }
    }
}
