package io.streamhouse.log;

import io.streamhouse.spec.RowKind;
import io.streamhouse.spec.column.ColumnBatch;
import java.io.IOException;
import java.util.Arrays;

/** Every passing row as +I, in the order of the source: append tables, and a snapshot read as a table. */
public final class InsertStream implements ChangeStream {
    private final CommitStamp commit;
    private final RowSource source;
    private long consumed;

    /**
     * @param commit where the rows come from
     * @param source rows from the first one that was not consumed before; closed by this stream
     * @param consumed source rows that were consumed before
     */
    public InsertStream(CommitStamp commit, RowSource source, long consumed) {
        this.commit = commit;
        this.source = source;
        this.consumed = consumed;
    }

    @Override
    public ChangeBatch next() throws IOException {
        for (SourceBatch batch = source.next(); batch != null; batch = source.next()) {
            int[] passing = new int[batch.rowCount()];
            int n = 0;
            for (int row = 0; row < passing.length; row++) {
                passing[n] = row;
                n += batch.passes(row) ? 1 : 0;
            }
            long first = consumed;
            consumed += batch.rowCount();
            if (n > 0) {
                return inserts(batch.rows(), passing, n, first);
            }
        }
        return null;
    }

    private ChangeBatch inserts(ColumnBatch rows, int[] passing, int n, long first) {
        byte[] kinds = new byte[n];
        Arrays.fill(kinds, RowKind.INSERT.code());
        long[] at = new long[n];
        for (int i = 0; i < n; i++) {
            at[i] = first + passing[i] + 1;
        }
        ColumnBatch dense = n == rows.rowCount() ? rows : rows.gather(passing, 0, n);
        return new ChangeBatch(dense, kinds, at, commit, false);
    }

    @Override
    public long rowsConsumed() {
        return consumed;
    }

    @Override
    public long suppressed() {
        return 0;
    }

    @Override
    public void close() throws IOException {
        source.close();
    }
}
