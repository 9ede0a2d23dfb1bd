package io.streamhouse.read.verify;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.streamhouse.catalog.Table;
import io.streamhouse.lake.BucketId;
import io.streamhouse.lake.LakeView;
import io.streamhouse.read.TestTable;
import io.streamhouse.spec.table.Snapshot;
import io.streamhouse.testkit.Seeds;
import io.streamhouse.testkit.TableModel.Write;
import java.io.IOException;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;

/** Verifying holds the keys of a bucket's rows, however many other rows their files have. */
class VisibleKeysTest {
    private static final int BUCKETS = 16;
    private static final int KEY_BYTES = Long.BYTES;

    /** Files of all buckets each. */
    private static TestTable table() throws IOException {
        TestTable t = new TestTable(TestTable.orders(BUCKETS), 3, 1);
        RandomGenerator random = Seeds.random(Seeds.of("visible keys", 8));
        for (int commit = 0; commit < 12; commit++) {
            List<Write> writes = new ArrayList<>();
            for (int i = 0; i < 2_000; i++) {
                long id = random.nextInt(9_000);
                writes.add(t.upsert("r", id, "s" + commit, BigDecimal.valueOf(id, 2), 0.5));
            }
            t.commit(0, writes);
        }
        return t;
    }

    @Test
    void whatIsHeldAtOnceIsTheKeysOfOneBucketsRows() throws IOException {
        try (TestTable t = table()) {
            Table table = t.open();
            Snapshot head = table.snapshots().latest().orElseThrow();
            LakeView view = LakeView.of(table.snapshots().tree(head));
            long most = 0;
            long all = 0;
            for (BucketId bucket : view.buckets()) {
                long rows = 0;
                long rowsOfFiles = 0;
                for (LakeView.SliceRef slice : view.slices(bucket)) {
                    rows += slice.slice().endRow() - slice.slice().firstRow();
                    rowsOfFiles += slice.file().file().rowCount();
                }
                most = Math.max(most, rows * KEY_BYTES);
                all = Math.max(all, rowsOfFiles * KEY_BYTES);
            }
            assertTrue(all > BUCKETS / 2 * most, "the files hold many buckets: " + all + " and " + most);
            // files of less than a 64th of the cache are read once, others in part
            for (long cacheBytes : new long[] {VisibleKeys.CACHE_BYTES, 0}) {
                Findings findings = new Findings();
                VisibleKeys keys = new VisibleKeys(table, findings, cacheBytes);
                assertEquals(head.totals().rowCount(), keys.check(head, view));
                assertEquals(List.of(), findings.list(1));
                assertEquals(most, keys.mostKeyBytes());
            }
        }
    }
}
