package io.streamhouse.storage;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** Stores that are wrong in a known way, to show that the contract finds it. */
final class PlantedStores {
    private PlantedStores() {}

    /** Asks whether the object exists and then puts it: what every store without a true put-if-absent does. */
    static ObjectStore existsThenPut(ObjectStore store) {
        return new Wrapper(store) {
            @Override
            public PutOutcome putIfAbsent(String path, byte[] bytes) throws IOException {
                if (store.size(path) >= 0) {
                    return PutOutcome.EXISTED;
                }
                Thread.yield();
                store.put(path, bytes);
                return PutOutcome.CREATED;
            }
        };
    }

    /** Retries without looking whose object it met: what a client library's own retries do. */
    static ObjectStore claimsOthers(ObjectStore store) {
        return new Wrapper(store) {
            @Override
            public PutOutcome putIfAbsent(String path, byte[] bytes) throws IOException {
                PutOutcome outcome = store.putIfAbsent(path, bytes);
                boolean claimed = outcome == PutOutcome.EXISTED && path.hashCode() % 5 == 0;
                return claimed ? PutOutcome.CREATED : outcome;
            }
        };
    }

    /** Creates under the final name and then fills: what an exclusive create does. */
    static ObjectStore exclusiveCreate(ObjectStore store, Path root) {
        return new Wrapper(store) {
            @Override
            public void put(String path, byte[] bytes) throws IOException {
                Files.createDirectories(root.resolve(path).getParent());
                Files.write(root.resolve(path), bytes);
            }
        };
    }

    private static class Wrapper implements ObjectStore {
        private final ObjectStore store;

        Wrapper(ObjectStore store) {
            this.store = store;
        }

        @Override
        public byte[] read(String path) throws IOException {
            return store.read(path);
        }

        @Override
        public byte[] read(String path, long offset, int length) throws IOException {
            return store.read(path, offset, length);
        }

        @Override
        public Optional<ObjectInfo> find(String path) throws IOException {
            return store.find(path);
        }

        @Override
        public void put(String path, byte[] bytes) throws IOException {
            store.put(path, bytes);
        }

        @Override
        public PutOutcome putIfAbsent(String path, byte[] bytes) throws IOException {
            return store.putIfAbsent(path, bytes);
        }

        @Override
        public ObjectOutput create(String path) throws IOException {
            return store.create(path);
        }

        @Override
        public List<ObjectInfo> list(String directory) throws IOException {
            return store.list(directory);
        }

        @Override
        public List<String> listDirectories(String directory) throws IOException {
            return store.listDirectories(directory);
        }

        @Override
        public boolean delete(String path) throws IOException {
            return store.delete(path);
        }

        @Override
        public void deleteDirectory(String directory) throws IOException {
            store.deleteDirectory(directory);
        }

        @Override
        public String uri() {
            return store.uri();
        }

        @Override
        public void close() throws IOException {
            store.close();
        }
    }
}
