package io.streamhouse.catalog;

import io.streamhouse.spec.table.DeltaIdentity;
import io.streamhouse.storage.Components;
import io.streamhouse.storage.ObjectStores;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/** A process that commits to the common table and writes down each acknowledgement before it goes on. */
final class CommitProcess {
    private CommitProcess() {}

    /** Arguments: warehouse, file for acknowledgements, number of commits, user. */
    public static void main(String[] args) throws Exception {
        Components components = Components.system(ObjectStores.local(Path.of(args[0])));
        Path acknowledged = Path.of(args[1]);
        PublishStats stats = run(
                components,
                Integer.parseInt(args[2]),
                args[3],
                delta -> Files.writeString(
                        acknowledged,
                        delta + "\n",
                        StandardCharsets.US_ASCII,
                        StandardOpenOption.CREATE,
                        StandardOpenOption.APPEND));
        Files.writeString(Path.of(args[1] + ".lost"), Long.toString(stats.conflicts()));
    }

    /** What is told of every commit. */
    interface Acknowledgement {
        void of(UUID delta) throws Exception;
    }

    static PublishStats run(Components components, int commits, String user, Acknowledgement acknowledgement)
            throws Exception {
        SnapshotChain chain = TestWorld.openTable(components).snapshots();
        List<UUID> done = new ArrayList<>();
        while (done.size() < commits) {
            UUID delta = components.ids().next();
            Optional<UUID> predecessor = done.isEmpty() ? Optional.empty() : Optional.of(done.get(done.size() - 1));
            DeltaIdentity identity = new DeltaIdentity(user, 0, done.size() + 1, delta, predecessor, false);
            SnapshotDraft draft = TestWorld.append(identity, List.of(TestWorld.file(delta, 1, 1)), List.of());
            CommitOutcome outcome = new CommitOutcome.HeadMoved(null);
            while (outcome instanceof CommitOutcome.HeadMoved) {
                outcome = chain.publish(chain.latest(), draft);
            }
            if (!(outcome instanceof CommitOutcome.Committed)) {
                throw new IllegalStateException(outcome.toString());
            }
            acknowledgement.of(delta);
            done.add(delta);
        }
        return chain.stats();
    }
}
