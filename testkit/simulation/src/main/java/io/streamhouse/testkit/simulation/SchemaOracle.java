package io.streamhouse.testkit.simulation;

import static io.streamhouse.testkit.simulation.ChainJudge.require;

import io.streamhouse.catalog.Table;
import io.streamhouse.read.verify.TableVerifier;
import io.streamhouse.read.verify.VerifyReport;
import io.streamhouse.read.verify.VerifyScope;
import io.streamhouse.spec.StreamhouseException;
import io.streamhouse.spec.codec.SchemaCodec;
import io.streamhouse.spec.table.FileEntry;
import io.streamhouse.spec.table.Snapshot;
import io.streamhouse.spec.type.TableSchema;
import io.streamhouse.storage.ObjectInfo;
import io.streamhouse.storage.ObjectStore;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.random.RandomGenerator;

/**
 * Looks at the table's schemas as soon as they stand, through the judge's connection: each is the one before it with one
 * alteration that somebody has asked for, no alteration is there twice, none that was refused, and each that was
 * acknowledged. Whoever opens the table gets the newest.
 */
final class SchemaOracle {
    /** Of so many tables with changed options one is verified in the end: that takes as long as a short history. */
    private static final int VERIFIED_IN = 16;

    private final World world;
    private final RandomGenerator random;
    private final Trace trace;
    private final Table table;
    private final ObjectStore store;
    private final List<TableSchema> schemas = new ArrayList<>();
    /** What stood when it was seen first. */
    private final List<byte[]> records = new ArrayList<>();

    private final List<Alteration> intended = new ArrayList<>();
    private final Map<Alteration, Integer> standing = new HashMap<>();
    private final Set<Alteration> refused = new HashSet<>();
    private int opened;

    SchemaOracle(World world, RandomGenerator random, Trace trace) throws IOException {
        this.world = world;
        this.random = random;
        this.trace = trace;
        this.table = world.observed();
        this.store = table.components().store();
        add(0);
    }

    /** Id of the newest schema seen. */
    int newest() {
        return schemas.size() - 1;
    }

    /** Number of an alteration that is still to be made. */
    int nextNumber() {
        return intended.size() + 1;
    }

    /** Somebody is about to ask for it, once. */
    void intend(Alteration alteration) {
        intended.add(alteration);
    }

    /** Judges what came since the last look. */
    void look() throws IOException {
        int before = newest();
        while (store.size(path(newest() + 1)) >= 0) {
            add(newest() + 1);
            judge(schemas.get(newest() - 1), schemas.get(newest()));
        }
        List<World.Process> processes = world.processes();
        for (; opened < processes.size(); opened++) {
            TableSchema schema = processes.get(opened).table().schema();
            require(schema.id() >= before, "a table is opened with schema %d, schema %d stood", schema.id(), before);
            require(
                    schema.id() <= newest() && schema.equals(schemas.get(schema.id())),
                    "a table is opened with a schema %d that does not stand",
                    schema.id());
        }
    }

    private void add(int id) throws IOException {
        byte[] bytes = store.read(path(id));
        TableSchema schema = SchemaCodec.read(bytes, path(id)).schema();
        require(schema.id() == id, "schema %d stands in slot %d", schema.id(), id);
        schemas.add(schema);
        records.add(bytes);
    }

    private void judge(TableSchema before, TableSchema schema) {
        List<Alteration> made = intended.stream()
                .filter(a -> a.signed(schema.options()) && !a.signed(before.options()))
                .toList();
        require(
                made.size() == 1,
                "schema %d has options %s, schema %d %s: of those who asked, that were %s",
                schema.id(),
                schema.options(),
                before.id(),
                before.options(),
                made);
        Alteration alteration = made.get(0);
        Integer first = standing.put(alteration, schema.id());
        require(first == null, "schema %d is %s, and schema %d was", schema.id(), alteration, first);
        require(!refused.contains(alteration), "schema %d is %s, which was refused", schema.id(), alteration);
        require(
                schema.options().equals(alteration.on(before.options())),
                "schema %d is not schema %d after which %s: %s became %s",
                schema.id(),
                before.id(),
                alteration,
                before.options(),
                schema.options());
        require(!alteration.isRefused(before.options()), "schema %d has impossible options", schema.id());
        TableSchema same = new TableSchema(
                schema.id(),
                before.highestFieldId(),
                before.fields(),
                before.layout(),
                schema.options(),
                before.comment());
        require(same.equals(schema), "schema %d changes more than options", schema.id());
        trace.note("schema %d: %s", schema.id(), alteration.name());
        trace.mix(schema.options().hashCode());
    }

    /** Who asked was told that it is done. */
    void acknowledged(Alteration alteration) throws IOException {
        look();
        require(standing.containsKey(alteration), "%s was acknowledged, but stands in no schema", alteration);
    }

    /**
     * Who asked was told that it cannot be done.
     *
     * @param since the newest schema when it was asked for
     */
    void refused(Alteration alteration, int since, StreamhouseException answer) throws IOException {
        look();
        require(!standing.containsKey(alteration), "%s was refused, but stands", alteration);
        boolean legal =
                schemas.subList(since, schemas.size()).stream().anyMatch(s -> alteration.isRefused(s.options()));
        if (!legal) {
            throw new AssertionError("%s is refused: %s".formatted(alteration, answer.getMessage()), answer);
        }
        refused.add(alteration);
    }

    /** When nothing fails any more: nothing else stands, nothing was written twice, everything refers to what stands. */
    void end() throws IOException {
        look();
        Set<String> found = new TreeSet<>();
        for (ObjectInfo object : store.list("schema")) {
            found.add(object.path());
        }
        for (int id = 0; id <= newest(); id++) {
            require(found.remove(path(id)), "schema %d has gone", id);
            require(Arrays.equals(store.read(path(id)), records.get(id)), "schema %d was written twice", id);
        }
        require(found.isEmpty(), "%s stand behind a gap", found);
        if (newest() > 0) {
            judgeReferences();
            if (random.nextInt(VERIFIED_IN) == 0 && table.snapshots().latest().isPresent()) {
                VerifyReport report = new TableVerifier(world.start().table(), text -> {}).verify(VerifyScope.ALL);
                require(report.isSound(), "verification finds %s", report.findings());
            }
        }
    }

    private void judgeReferences() throws IOException {
        for (World.Process process : world.processes()) {
            TableSchema schema = process.table().schema();
            require(schema.equals(schemas.get(schema.id())), "an open table has another schema %d", schema.id());
        }
        long head = table.snapshots().latest().map(Snapshot::id).orElse(0L);
        int last = 0;
        for (long id = table.snapshots().earliestId().orElse(1); id <= head; id++) {
            Snapshot snapshot = table.snapshots().snapshot(id);
            int schema = snapshot.header().schemaId();
            require(schema >= last && schema <= newest(), "snapshot %d after schema %d is of %d", id, last, schema);
            last = schema;
            for (FileEntry entry : table.snapshots().tree(snapshot).entries()) {
                int written = entry.file().origin().schemaId();
                require(written <= schema, "a file of snapshot %d, of schema %d, is of %d", id, schema, written);
            }
        }
    }

    private static String path(int id) {
        return "schema/" + id + ".json";
    }
}
