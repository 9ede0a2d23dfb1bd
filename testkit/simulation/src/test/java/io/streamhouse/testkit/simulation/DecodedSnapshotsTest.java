package io.streamhouse.testkit.simulation;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.streamhouse.catalog.Catalog;
import io.streamhouse.catalog.Catalogs;
import io.streamhouse.catalog.Table;
import io.streamhouse.spec.StreamhouseException;
import io.streamhouse.spec.option.OlderSavepoint;
import io.streamhouse.spec.table.Snapshot;
import io.streamhouse.storage.Components;
import io.streamhouse.storage.ObjectStores;
import io.streamhouse.testkit.ManualClock;
import io.streamhouse.write.CommitTimeline;
import io.streamhouse.write.CommitUser;
import java.util.Map;
import org.junit.jupiter.api.Test;

class DecodedSnapshotsTest {
    private static final String PATH = "snapshot/00000000000000000001.json";

    @Test
    void equalBytesAreDecodedOnceAndEveryTurnedBitIsRefused() throws Exception {
        Components components = Components.system(ObjectStores.memory(ManualClock.atMillis(1)));
        Catalog catalog = Catalogs.open(components);
        catalog.createDatabase(World.TABLE.database(), false);
        catalog.createTable(World.TABLE, KeyShape.LONG.schema(Map.of()));
        Table table = catalog.table(World.TABLE);
        CommitTimeline.fresh(CommitUser.named("job"), components.ids())
                .fence(table.snapshots(), 0, OlderSavepoint.REFUSE);
        byte[] bytes = table.components().store().read(PATH);

        DecodedSnapshots decoder = new DecodedSnapshots();
        Snapshot first = decoder.decode(bytes, PATH);
        assertEquals(1, first.id());
        assertSame(first, decoder.decode(bytes.clone(), PATH));
        for (int bit = 0; bit < 8 * bytes.length; bit++) {
            byte[] wrong = bytes.clone();
            wrong[bit / 8] ^= (byte) (1 << bit % 8);
            assertThrows(StreamhouseException.class, () -> decoder.decode(wrong, PATH));
        }
        assertSame(first, decoder.decode(bytes.clone(), PATH));
    }
}
