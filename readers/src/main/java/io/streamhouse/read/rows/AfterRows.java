package io.streamhouse.read.rows;

import io.streamhouse.lake.FileColumns;
import io.streamhouse.log.RowSource;
import io.streamhouse.log.SourceBatch;
import io.streamhouse.spec.column.ColumnBatch;
import java.io.IOException;

/** Visible rows of one slice with their keys, for a merge. One thread. */
public final class AfterRows implements RowSource {
    private final RowFiles files;
    private final FileRanges source;
    private final KeyedRows keyed;
    private FileColumns columns;
    private int range;

    public AfterRows(RowFiles files, FileRanges source, KeyedRows keyed) {
        this.files = files;
        this.source = source;
        this.keyed = keyed;
    }

    @Override
    public SourceBatch next() throws IOException {
        while (range < source.bounds().length) {
            if (columns == null) {
                files.counts().filesOpened++;
                columns =
                        files.open(source.file(), keyed.columns(), source.bounds()[range], source.bounds()[range + 1]);
            }
            ColumnBatch batch = columns.next();
            if (batch == null) {
                close();
                range += 2;
                continue;
            }
            files.counts().rowsRead += batch.rowCount();
            int[] visible = BitRows.rows(BitRows.allBut(source.hidden(), columns.batchStart(), batch.rowCount()));
            return keyed.of(visible.length == batch.rowCount() ? batch : batch.gather(visible, 0, visible.length));
        }
        return null;
    }

    @Override
    public void close() throws IOException {
        if (columns != null) {
            columns.close();
            columns = null;
        }
    }
}
