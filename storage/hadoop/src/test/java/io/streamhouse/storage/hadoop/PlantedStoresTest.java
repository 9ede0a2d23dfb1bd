package io.streamhouse.storage.hadoop;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.streamhouse.storage.ForwardingObjectStore;
import io.streamhouse.storage.ObjectStore;
import io.streamhouse.storage.PutOutcome;
import io.streamhouse.storage.PutRace;
import java.io.IOException;
import java.net.URI;
import java.util.EnumSet;
import java.util.UUID;
import org.apache.hadoop.fs.CreateFlag;
import org.apache.hadoop.fs.FSDataOutputStream;
import org.apache.hadoop.fs.FileAlreadyExistsException;
import org.apache.hadoop.fs.FileContext;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Options;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.ipc.RemoteException;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Ways to commit on HDFS that others use: each is found. */
class PlantedStoresTest {
    private static final int THREADS = 8;
    private static final int ROUNDS = 20;
    private static final int MAX_RUNS = 20;

    @Test
    void anExclusiveCreateIsFoundByTheRace() throws Exception {
        assertFound(EXCLUSIVE_CREATE);
    }

    @Test
    @Tag("full")
    void aRenameThatOverwritesIsFoundByTheRace() throws Exception {
        assertFound((files, file, bytes) -> {
            Path temporary = temporary(files, file, bytes);
            if (exists(files, file)) {
                return PutOutcome.EXISTED;
            }
            files.rename(temporary, file, Options.Rename.OVERWRITE);
            return PutOutcome.CREATED;
        });
    }

    /** It moves the file into a directory of that name, and says the same as after a commit. */
    @Test
    void theOldRenameSaysCreatedWhereNoObjectIs() throws Exception {
        Commit old = (files, file, bytes) -> {
            Path temporary = temporary(files, file, bytes);
            try (FileSystem system = FileSystem.newInstance(
                    file.toUri(), ClusterConfiguration.of(Cluster.OPTIONS).configuration())) {
                return system.rename(temporary, file) ? PutOutcome.CREATED : PutOutcome.EXISTED;
            }
        };
        assertTrue(createsOverADirectory(planted(old)));
        assertFalse(createsOverADirectory(Cluster.open(Cluster.newRoot())));
    }

    private static boolean createsOverADirectory(ObjectStore store) throws IOException {
        store.put("snapshot/1/below", new byte[1]);
        PutOutcome outcome = store.putIfAbsent("snapshot/1", new byte[1]);
        assertEquals(-1, store.size("snapshot/1"));
        return outcome == PutOutcome.CREATED;
    }

    private static void assertFound(Commit commit) throws Exception {
        long wrong = 0;
        // A race is chance: how soon it shows depends on the machine, that it shows does not.
        for (int run = 0; run < MAX_RUNS && wrong == 0; run++) {
            wrong = PutRace.run(planted(commit), "race", THREADS, ROUNDS).wrong();
        }
        assertTrue(wrong > 0);
    }

    /** A commit as it should not be. */
    private interface Commit {
        PutOutcome putIfAbsent(FileContext files, Path file, byte[] bytes) throws IOException;
    }

    private static final Commit EXCLUSIVE_CREATE = (files, file, bytes) -> {
        try {
            write(files, file, bytes);
            return PutOutcome.CREATED;
        } catch (FileAlreadyExistsException | RemoteException e) {
            return PutOutcome.EXISTED; // there, or being written
        }
    };

    private static ObjectStore planted(Commit commit) throws IOException {
        URI root = Cluster.newRoot();
        FileContext files = Cluster.files();
        return new ForwardingObjectStore(Cluster.open(root)) {
            @Override
            public PutOutcome putIfAbsent(String path, byte[] bytes) throws IOException {
                return commit.putIfAbsent(files, new Path(root + "/" + path), bytes);
            }

            @Override
            public byte[] read(String path) throws IOException {
                try {
                    return super.read(path);
                } catch (IOException e) {
                    return new byte[0]; // an object in part, as far as the race is concerned
                }
            }
        };
    }

    private static boolean exists(FileContext files, Path file) throws IOException {
        return files.util().exists(file);
    }

    private static Path temporary(FileContext files, Path file, byte[] bytes) throws IOException {
        Path temporary = new Path(file.getParent(), "." + UUID.randomUUID());
        write(files, temporary, bytes);
        return temporary;
    }

    private static void write(FileContext files, Path file, byte[] bytes) throws IOException {
        try (FSDataOutputStream out =
                files.create(file, EnumSet.of(CreateFlag.CREATE), Options.CreateOpts.createParent())) {
            out.write(bytes);
        }
    }
}
