package io.streamhouse.storage.s3;

import static org.junit.jupiter.api.Assertions.assertTrue;

import io.streamhouse.storage.ObjectStore;
import io.streamhouse.storage.ObjectStores;
import io.streamhouse.storage.PutRace;
import io.streamhouse.testkit.ServerProcess;
import java.net.URI;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The race of the contract on a server whose conditional put looks before it writes: it must be found. */
@Tag("full")
class S3MockRaceTest {
    private static final int ROUNDS = 50;
    private static final int MAX_RUNS = 20;

    @Test
    void theRaceFindsSeveralWinnersOnAServerThatLooksBeforeItWrites() throws Exception {
        try (ServerProcess server = ServerProcess.start(
                        "s3mock-server", "io.streamhouse.testkit.s3mock.S3MockMain", "512m", List.of(S3Server.BUCKET));
                ObjectStore store = ObjectStores.open(URI.create("s3://bucket/race"), S3Server.options(server.uri()))) {
            long winners = 0;
            int rounds = 0;
            // chance, like every race: how soon it shows depends on the machine, that it shows does not
            for (int run = 0; run < MAX_RUNS && winners <= rounds; run++) {
                winners += PutRace.run(store, "run-" + run, 16, ROUNDS).winners();
                rounds += ROUNDS;
            }
            assertTrue(winners > rounds, winners + " winners of " + rounds + " rounds");
        }
    }
}
