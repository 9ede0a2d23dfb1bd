package io.streamhouse.lake;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.streamhouse.columnar.ColumnFileReader;
import io.streamhouse.columnar.ColumnFiles;
import io.streamhouse.spec.column.ColumnBatch;
import io.streamhouse.spec.key.KeyColumn;
import io.streamhouse.spec.key.KeyEncoder;
import io.streamhouse.spec.table.DataFile;
import io.streamhouse.spec.type.TableSchema;
import io.streamhouse.storage.ObjectStore;
import java.io.IOException;
import java.util.Arrays;
import java.util.UUID;

/**
 * Reads the normalised keys of data files, whole or in part, from their key columns, with a cache by bytes: files never
 * change. Thread-safe.
 */
public final class KeyReader {
    private static final int SMALL_FILES_IN_CACHE = 64;

    private final ObjectStore store;
    private final SchemaSource schemas;
    private final KeyEncoder encoder;
    private final Cache<UUID, KeyColumn> cache;
    /** Length of files that are read whole for a part of them, so that the next part is in the cache. */
    private final long smallFileBytes;

    /**
     * @param store store at the table root
     * @param schema current schema, which must have a primary key
     * @param schemas schema by id
     * @param cacheBytes bound of the cache; 0 switches it off
     */
    public KeyReader(ObjectStore store, TableSchema schema, SchemaSource schemas, long cacheBytes) {
        this.store = store;
        this.schemas = schemas;
        this.encoder = KeyEncoder.of(schema.project(schema.keyIndexes()));
        this.smallFileBytes = cacheBytes / SMALL_FILES_IN_CACHE;
        this.cache = Caffeine.newBuilder()
                .maximumWeight(cacheBytes)
                .weigher((UUID id, KeyColumn keys) -> (int) Math.min(Integer.MAX_VALUE, keys.sizeBytes() + 64))
                .executor(Runnable::run)
                .build();
    }

    /** Finds the schema that a file was written with. */
    @FunctionalInterface
    public interface SchemaSource {
        TableSchema schema(int id) throws IOException;
    }

    /** The encoder of the table's primary key. */
    public KeyEncoder encoder() {
        return encoder;
    }

    /** Remembers the keys of a file that this process has just written. */
    public void remember(UUID file, KeyColumn keys) {
        cache.put(file, keys);
    }

    /** Keys of all rows of a file; key i belongs to position i. */
    public KeyColumn keys(DataFile file) throws IOException {
        KeyColumn cached = cache.getIfPresent(file.object().id());
        if (cached != null) {
            return cached;
        }
        KeyColumn keys = read(file, 0, file.rowCount());
        cache.put(file.object().id(), keys);
        return keys;
    }

    /**
     * Keys of rows {@code [from, to)} of a file; key i belongs to position {@code from + i}. What is returned is no view of
     * more keys than these. Of files above a 64th of the cache the other keys are not kept either.
     */
    public KeyColumn keys(DataFile file, int from, int to) throws IOException {
        boolean whole = from == 0 && to == file.rowCount();
        KeyColumn cached = cache.getIfPresent(file.object().id());
        if (cached == null && !whole && file.object().sizeBytes() <= smallFileBytes) {
            cached = keys(file);
        }
        return cached == null ? read(file, from, to) : cached.range(from, to);
    }

    private KeyColumn read(DataFile file, int from, int to) throws IOException {
        TableSchema schema = schemas.schema(file.origin().schemaId());
        int[] projection = schema.keyIndexes();
        KeyAppender out = new KeyAppender(encoder.words(), to - from);
        try (ColumnFileReader reader = ColumnFiles.reader(store, file, schema.fields(), projection, from, to)) {
            for (ColumnBatch batch = reader.next(); batch != null; batch = reader.next()) {
                out.append(encoder.keys(batch.columns()));
            }
        }
        return out.build();
    }

    /** Concatenates key columns. */
    static final class KeyAppender {
        private final int words;
        private long[] longs;
        private byte[] bytes;
        private int[] offsets;
        private int size;

        KeyAppender(int words, int expected) {
            this.words = words;
            if (words > 0) {
                longs = new long[expected * words];
            } else {
                bytes = new byte[Math.max(16, expected * 16)];
                offsets = new int[expected + 1];
            }
        }

        void append(KeyColumn keys) {
            append(keys, 0, keys.size());
        }

        void append(KeyColumn keys, int from, int to) {
            int n = to - from;
            if (words > 0) {
                if ((size + n) * words > longs.length) {
                    longs = Arrays.copyOf(longs, Math.max((size + n) * words, longs.length * 3 / 2));
                }
                System.arraycopy(keys.longs(), from * words, longs, size * words, n * words);
            } else {
                int length = keys.offsets()[to] - keys.offsets()[from];
                int end = offsets[size];
                if (end + length > bytes.length) {
                    bytes = Arrays.copyOf(bytes, Math.max(end + length, bytes.length + (bytes.length >> 1)));
                }
                if (size + n + 1 > offsets.length) {
                    offsets = Arrays.copyOf(offsets, Math.max(size + n + 1, offsets.length * 3 / 2));
                }
                System.arraycopy(keys.bytes(), keys.offsets()[from], bytes, end, length);
                int shift = end - keys.offsets()[from];
                for (int i = 1; i <= n; i++) {
                    offsets[size + i] = keys.offsets()[from + i] + shift;
                }
            }
            size += n;
        }

        int size() {
            return size;
        }

        KeyColumn build() {
            return words > 0 ? KeyColumn.ofLongs(words, size, longs) : KeyColumn.ofBytes(size, bytes, offsets);
        }
    }
}
