package io.streamhouse.read;

import io.streamhouse.log.ChangeBatch;
import io.streamhouse.log.ChangeStream;
import io.streamhouse.log.CommitStamp;
import io.streamhouse.read.filter.ReadRequest;
import io.streamhouse.read.rows.FileRanges;
import io.streamhouse.read.rows.KnownRanges;
import io.streamhouse.read.rows.RowFiles;
import io.streamhouse.read.rows.VisibleBatch;
import io.streamhouse.read.rows.VisibleRows;
import io.streamhouse.spec.RowKind;
import io.streamhouse.spec.type.Field;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Rows as they stand in files: a bucket of a snapshot read as a table, and commits of append tables. First those that were
 * taken away, as -D, then those that came, as +I. Files that the filter rules out count as read without being opened.
 */
final class VisibleChanges implements ChangeStream {
    private final RowFiles files;
    private final RowFiles.Schemas schemas;
    private final CommitStamp commit;
    private final List<FileRanges> sources = new ArrayList<>();

    /** So many of the sources were taken away. */
    private final int gone;

    private final ReadRequest request;
    private final KnownRanges known;
    private long skip;
    private long consumed;
    private int source;
    private long sourceEnd;
    private VisibleRows rows;

    VisibleChanges(
            RowFiles files, RowFiles.Schemas schemas, ChangeSplit split, ReadRequest request, long rowsConsumed) {
        this.files = files;
        this.schemas = schemas;
        this.commit = split.what().commit();
        split.before().forEach(b -> sources.add(b.ranges()));
        this.gone = sources.size();
        sources.addAll(split.after());
        this.request = request;
        this.known = request.filter() == null ? null : new KnownRanges(request.schema(), request.filter());
        this.skip = rowsConsumed;
    }

    @Override
    public ChangeBatch next() throws IOException {
        while (rows != null || source < sources.size()) {
            if (rows == null) {
                open(sources.get(source));
            } else {
                VisibleBatch batch = rows.next();
                if (batch != null) {
                    return changes(batch);
                }
                close();
                consumed = sourceEnd;
                source++;
            }
        }
        return null;
    }

    private void open(FileRanges ranges) throws IOException {
        long visible = ranges.visibleRows();
        boolean taken = skip >= visible;
        if (taken || !mayMatch(ranges)) {
            files.counts().filesSkipped += taken ? 0 : 1;
            skip = Math.max(0, skip - visible);
            consumed += visible;
            source++;
            return;
        }
        rows = new VisibleRows(files, ranges, request, skip, consumed);
        sourceEnd = consumed + visible;
        consumed += skip;
        skip = 0;
    }

    private boolean mayMatch(FileRanges ranges) throws IOException {
        if (known == null || ranges.file().stats().isEmpty()) {
            return true;
        }
        List<Field> written = schemas.schema(ranges.file().origin().schemaId()).fields();
        return known.mayMatch(ranges.file(), written);
    }

    private ChangeBatch changes(VisibleBatch batch) {
        long[] at = batch.consumed();
        byte[] kinds = new byte[at.length];
        Arrays.fill(kinds, (source < gone ? RowKind.DELETE : RowKind.INSERT).code());
        consumed = at[at.length - 1];
        return new ChangeBatch(batch.rows().compact(), kinds, at, commit, false);
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
        if (rows != null) {
            rows.close();
            rows = null;
        }
    }
}
