package io.streamhouse.storage;

import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Creates directories whose names survive a loss of power, and remembers which ones do.
 *
 * <p>A directory that is already there may have been created a moment ago by a process that has not synced its name yet,
 * so the first use of every directory syncs the names above it. Thread-safe.
 */
final class DurableDirectories {
    /** Bound of the memory; past it everything is synced once more. */
    private static final int MAX_KNOWN = 65_536;

    private final Path root;
    private final LocalDisk disk;
    private final Set<Path> known = ConcurrentHashMap.newKeySet();

    DurableDirectories(Path root, LocalDisk disk) {
        this.root = root;
        this.disk = disk;
    }

    /** Makes the root or a directory below it exist, durably. */
    void ensure(Path directory) throws IOException {
        if (known.contains(directory)) {
            return;
        }
        if (directory.equals(root)) {
            ensureRoot();
        } else {
            ensure(directory.getParent());
            if (!Files.isDirectory(directory, LinkOption.NOFOLLOW_LINKS)) {
                create(directory);
            }
            disk.syncDirectory(directory.getParent());
        }
        if (known.size() >= MAX_KNOWN) {
            known.clear();
        }
        known.add(directory);
    }

    /** Forgets a directory that turned out to be gone, with those above it. */
    void forget(Path directory) {
        for (Path gone = directory; gone != null && gone.startsWith(root); gone = gone.getParent()) {
            known.remove(gone);
        }
    }

    /** Forgets a directory that is being deleted, with those below it. */
    void forgetBelow(Path directory) {
        known.removeIf(path -> path.startsWith(directory));
    }

    private void ensureRoot() throws IOException {
        if (Files.isDirectory(root)) {
            try {
                syncParent(root);
            } catch (IOException e) {
                // What stands above an existing root is not ours: it may be unreadable, or of another file system.
            }
        } else {
            createAbove(root);
        }
    }

    private void createAbove(Path directory) throws IOException {
        if (!Files.isDirectory(directory)) {
            createAbove(directory.getParent());
            create(directory);
            syncParent(directory);
        }
    }

    private void create(Path directory) throws IOException {
        try {
            disk.createDirectory(directory);
        } catch (FileAlreadyExistsException e) {
            // Another process was faster, or something that is no directory stands there.
            if (!Files.isDirectory(directory, LinkOption.NOFOLLOW_LINKS)) {
                throw e;
            }
        }
    }

    private void syncParent(Path directory) throws IOException {
        Path parent = directory.getParent();
        if (parent != null) {
            disk.syncDirectory(parent);
        }
    }
}
