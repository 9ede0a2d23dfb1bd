package io.streamhouse.storage;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.RemovalCause;
import io.streamhouse.storage.CachedObjectStore.CachedRange;
import java.io.Closeable;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Ranges of far objects in files of a local disk, up to a number of bytes; the least used go first. Lives as long as its
 * process: each has a directory of its own below the given one, held by a lock, and clears those whose process is gone.
 * Nothing here fails a read: what cannot be written is not kept, what cannot be read or has other bytes is forgotten.
 * Thread-safe.
 */
public final class RangeFiles implements Closeable {
    private static final String PREFIX = "ranges-";
    private static final String LOCK = "lock";
    /** Directories of this process: to open one's lock a second time and close it again would end the first. */
    private static final Set<Path> OWN = ConcurrentHashMap.newKeySet();

    private final Path directory;
    private final FileChannel lock;
    private final AtomicLong numbers = new AtomicLong();
    private final Cache<CachedRange, Path> files;

    private RangeFiles(Path directory, FileChannel lock, long maxBytes) {
        this.directory = directory;
        this.lock = lock;
        this.files = Caffeine.newBuilder()
                .maximumWeight(maxBytes)
                .weigher((CachedRange range, Path file) -> range.range().length())
                .executor(Runnable::run)
                .removalListener((CachedRange range, Path file, RemovalCause cause) -> forget(file))
                .build();
    }

    /**
     * @param parent directory for caches of any number of processes; made if it does not exist
     * @param maxBytes bound of this process's files
     */
    public static RangeFiles open(Path parent, long maxBytes) throws IOException {
        // Locked before it gets a name that others look at.
        Path real = Files.createDirectories(parent).toRealPath();
        Path begun = Files.createTempDirectory(real, "new-");
        Path directory = begun.resolveSibling(PREFIX + begun.getFileName());
        FileChannel channel =
                FileChannel.open(begun.resolve(LOCK), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        try {
            channel.lock();
            OWN.add(directory);
            Files.move(begun, directory, StandardCopyOption.ATOMIC_MOVE);
            clearAbandoned(real);
        } catch (IOException e) {
            OWN.remove(directory);
            channel.close();
            throw e;
        }
        return new RangeFiles(directory, channel, maxBytes);
    }

    private static void clearAbandoned(Path parent) throws IOException {
        try (DirectoryStream<Path> siblings = Files.newDirectoryStream(parent, PREFIX + "*")) {
            for (Path sibling : siblings) {
                if (!OWN.contains(sibling)) {
                    clearIfAbandoned(sibling);
                }
            }
        }
    }

    private static void clearIfAbandoned(Path directory) {
        try (FileChannel channel = FileChannel.open(directory.resolve(LOCK), StandardOpenOption.WRITE);
                FileLock held = channel.tryLock()) {
            if (held != null) {
                new Deletion(directory, new LocalDisk()).walk();
            }
        } catch (IOException | OverlappingFileLockException e) {
            // somebody else is at it, here or in another process
        }
    }

    Optional<byte[]> read(CachedRange range) {
        Path file = files.getIfPresent(range);
        if (file == null) {
            return Optional.empty();
        }
        try {
            if (Files.size(file) == range.range().length()) {
                byte[] bytes = Files.readAllBytes(file);
                if (range.isHeldBy(bytes)) {
                    return Optional.of(bytes);
                }
            }
        } catch (IOException e) {
            // evicted meanwhile, or the disk is gone
        }
        files.asMap().remove(range, file);
        return Optional.empty();
    }

    void write(CachedRange range, byte[] bytes) {
        Path file = directory.resolve(Long.toString(numbers.incrementAndGet()));
        try {
            Files.write(file, bytes, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
            files.put(range, file);
        } catch (IOException e) {
            forget(file);
        }
    }

    private static void forget(Path file) {
        try {
            Files.deleteIfExists(file);
        } catch (IOException e) {
            // cleared by whoever opens a cache here next
        }
    }

    @Override
    public void close() {
        try (lock) {
            new Deletion(directory, new LocalDisk()).walk();
        } catch (IOException e) {
            // cleared by whoever opens a cache here next
        } finally {
            OWN.remove(directory);
        }
    }
}
