package io.streamhouse.testkit.simulation;

import io.streamhouse.catalog.Catalog;
import io.streamhouse.catalog.Catalogs;
import io.streamhouse.catalog.Table;
import io.streamhouse.read.BatchScan;
import io.streamhouse.read.TableScan;
import io.streamhouse.spec.ErrorCode;
import io.streamhouse.spec.RowKind;
import io.streamhouse.spec.StreamhouseException;
import io.streamhouse.spec.TableName;
import io.streamhouse.spec.column.ColumnBatch;
import io.streamhouse.spec.column.RowReader;
import io.streamhouse.storage.Components;
import io.streamhouse.storage.ForwardingObjectStore;
import io.streamhouse.storage.ObjectInfo;
import io.streamhouse.storage.ObjectStore;
import io.streamhouse.storage.ObjectStores;
import io.streamhouse.testkit.Fault;
import io.streamhouse.testkit.FaultPolicy;
import io.streamhouse.testkit.FaultyObjectStore;
import io.streamhouse.testkit.ManualClock;
import io.streamhouse.testkit.SeededIds;
import io.streamhouse.testkit.Seeds;
import io.streamhouse.testkit.StoreCall;
import io.streamhouse.testkit.TableModel;
import io.streamhouse.write.CommitUser;
import io.streamhouse.write.TableWriter;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;
import java.util.random.RandomGenerator;

/**
 * A directed schedule: a table whose manifests or masks stand in objects of their own, which chance hardly makes, is read
 * by one process after another, each of which meets one damage. It must get the rows, or an error that names the object.
 */
final class PlantedDamage {
    private static final TableName TABLE = TableName.of("db", "t");
    private static final int READERS = 12;
    private static final KeyShape SHAPE = KeyShape.LONG;
    /** Masks of one commit of so many keys do not fit into its snapshot. */
    private static final int MANY_KEYS = 9_000;
    /** Files of so many commits do not fit into a snapshot. */
    private static final int MANY_COMMITS = 150;

    private static final int FEW = 3;

    private final Mutant mutant;
    private final RandomGenerator random;
    private final Trace trace = new Trace();
    private final ManualClock clock = ManualClock.atMillis(1_700_000_000_000L);
    private final ObjectStore memory = ObjectStores.memory(clock);
    private final SeededIds ids;
    private final NavigableMap<List<Object>, List<Object>> rows = new TreeMap<>(TableModel.naturalOrder());
    /** What may be damaged. */
    private List<String> paths = List.of();

    PlantedDamage(long seed, Mutant mutant) {
        this.mutant = mutant;
        this.random = Seeds.random(Seeds.derive(seed, 1));
        this.ids = new SeededIds(Seeds.derive(seed, 2));
    }

    Trace trace() {
        return trace;
    }

    /** Writes the table. */
    void prepare() throws IOException {
        boolean manifests = mutant == Mutant.MANIFEST_NOT_VERIFIED || mutant == Mutant.NONE && random.nextBoolean();
        if (manifests) {
            write(MANY_COMMITS, FEW, FEW);
        } else {
            write(FEW, MANY_KEYS, 0);
        }
        paths = memory.list("").stream()
                .map(ObjectInfo::path)
                .filter(path -> mutant == Mutant.NONE ? isRead(path) : mutant.believes(path))
                .toList();
        if (paths.isEmpty() && mutant != Mutant.SIZES_NOT_CHECKED) {
            throw new IllegalStateException("the table has no object for " + mutant.word());
        }
    }

    /** Damages what the mutant believes, or everything if it is none, and reads. */
    void run() throws IOException {
        for (int i = 0; i < READERS; i++) {
            if (mutant == Mutant.SIZES_NOT_CHECKED || mutant == Mutant.NONE && i == 0) {
                trace.note("every reference says that its block is huge");
                read(new HugeBlocks(memory), FaultPolicy.none(), "/mask/");
            } else {
                String path = paths.get(random.nextInt(paths.size()));
                trace.note("a bit of %s turns over", path);
                read(memory, turning(path), path.substring(path.indexOf("/t/") + "/t/".length()));
            }
        }
    }

    private static boolean isRead(String path) {
        return List.of("/snapshot/", "/manifest/", "/mask/", "/data/").stream().anyMatch(path::contains);
    }

    private FaultPolicy turning(String damaged) {
        return new FaultPolicy() {
            @Override
            public Optional<Fault> next(StoreCall call, String path) {
                return call == StoreCall.READ && path.equals(damaged)
                        ? Optional.of(Fault.FLIPPED_BIT)
                        : Optional.empty();
            }

            @Override
            public int flippedBit(int bits) {
                return random.nextInt(bits);
            }
        };
    }

    private Components components(ObjectStore store) {
        return new Components(store, clock, ids, random, Runnable::run);
    }

    /**
     * @param commits commits
     * @param keys rows of each
     * @param step first key of a commit behind that of the one before
     */
    private void write(int commits, int keys, int step) throws IOException {
        Catalog catalog = Catalogs.open(components(memory));
        catalog.createDatabase(TABLE.database(), false);
        catalog.createTable(TABLE, SHAPE.schema(Map.of()));
        try (TableWriter writer = TableWriter.open(catalog.table(TABLE), CommitUser.named("writer"))) {
            for (long commit = 1; commit <= commits; commit++) {
                for (int k = 0; k < keys; k++) {
                    List<Object> key = SHAPE.key((int) commit * step + k);
                    rows.put(key, VisibleTable.values(KeyShape.row(key, commit * k)));
                    writer.write(RowKind.UPDATE_AFTER, KeyShape.row(key, commit * k));
                }
                writer.commit(commit);
            }
        }
    }

    private void read(ObjectStore store, FaultPolicy faults, String damaged) throws IOException {
        ObjectStore connection =
                new HookedObjectStore(new FaultyObjectStore(store, faults), HookedObjectStore.NOBODY, mutant);
        NavigableMap<List<Object>, List<Object>> seen = new TreeMap<>(TableModel.naturalOrder());
        try {
            Table table = Catalogs.open(components(connection)).table(TABLE);
            try (BatchScan scan = TableScan.of(table).open()) {
                for (ColumnBatch batch = scan.next(); batch != null; batch = scan.next()) {
                    for (int i = 0; i < batch.selectedCount(); i++) {
                        List<Object> row = VisibleTable.values(RowReader.row(batch, scan.columns(), batch.position(i)));
                        require(seen.put(row.subList(0, 1), row) == null, "a row is shown twice", damaged);
                    }
                }
            }
        } catch (StreamhouseException e) {
            trace.note("%s", e.getMessage());
            boolean isDamage = e.code() == ErrorCode.CORRUPT_FILE || e.code() == ErrorCode.UNKNOWN_VERSION;
            require(isDamage && ("/" + e.getMessage()).contains(damaged), e.getMessage(), damaged);
            return;
        }
        require(seen.equals(rows), "a read shows other rows", damaged);
    }

    private static void require(boolean holds, String what, String damaged) {
        if (!holds) {
            throw new AssertionError("%s is damaged: %s".formatted(damaged, what));
        }
    }

    /** Snapshots whose references to blocks were damaged where they say how long a block is, and whose checksums fit that. */
    private static final class HugeBlocks extends ForwardingObjectStore {
        HugeBlocks(ObjectStore store) {
            super(store);
        }

        @Override
        public byte[] read(String path) throws IOException {
            byte[] bytes = super.read(path);
            if (!path.contains("/snapshot/")) {
                return bytes;
            }
            String text = new String(bytes, StandardCharsets.UTF_8);
            String first = text.substring(0, text.indexOf('\n') + 1);
            String huge = first.replaceAll("\"length\":[0-9]+", "\"length\":2000000000");
            return Forgery.record(huge.getBytes(StandardCharsets.UTF_8));
        }
    }
}
