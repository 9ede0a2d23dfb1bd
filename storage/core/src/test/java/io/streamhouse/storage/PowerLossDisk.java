package io.streamhouse.storage;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * A disk that knows what has reached it: names last when their directory was synced, contents when their file was. The
 * power can fail at any call; then what had not reached the disk is undone, or kept, in the ways that a file system may.
 */
final class PowerLossDisk extends LocalDisk {
    /** What a file system may keep of names that were not synced. */
    enum Unsynced {
        /** None of them. */
        NAMES_LOST,
        /** All of them, though contents that were not synced are lost. */
        NAMES_KEPT
    }

    /** A duty that a store may forget. */
    enum Forgotten {
        NOTHING,
        SYNC_OF_CONTENT,
        SYNC_OF_DIRECTORY
    }

    private final Forgotten forgotten;
    private int callsLeft;
    /** Name of the directory before whose sync the process dies. */
    private Optional<String> dyingAt = Optional.empty();
    /** Names that have not reached the disk: what stood there before, or nothing. */
    private final Map<Path, Optional<byte[]>> names = new LinkedHashMap<>();
    /** Files whose content has not reached the disk. */
    private final Set<Path> contents = new HashSet<>();

    PowerLossDisk(int calls, Forgotten forgotten) {
        this.callsLeft = calls;
        this.forgotten = forgotten;
    }

    /** The process dies when it is about to sync the names in a directory of this name. */
    void dieBeforeNextSyncOf(String directory) {
        dyingAt = Optional.of(directory);
    }

    /** Another process is at work. */
    void live() {
        dyingAt = Optional.empty();
    }

    /** True once the power has failed. */
    boolean isDark() {
        return callsLeft < 0;
    }

    /** Does to the files what the loss of power does. */
    void lose(Unsynced unsynced) throws IOException {
        for (Path file : contents) {
            if (Files.exists(file)) {
                Files.write(file, new byte[0]);
            }
        }
        if (unsynced == Unsynced.NAMES_LOST) {
            for (Map.Entry<Path, Optional<byte[]>> name : names.entrySet()) {
                undo(name.getKey(), name.getValue());
            }
        }
    }

    @Override
    FileChannel create(Path file) throws IOException {
        spend();
        FileChannel channel = super.create(file);
        names.put(file, Optional.empty());
        contents.add(file);
        return channel;
    }

    @Override
    void write(FileChannel channel, ByteBuffer bytes) throws IOException {
        spend();
        super.write(channel, bytes);
    }

    @Override
    void sync(FileChannel channel, Path file) throws IOException {
        spend();
        if (forgotten != Forgotten.SYNC_OF_CONTENT) {
            contents.remove(file);
        }
    }

    @Override
    void link(Path existing, Path name) throws IOException {
        spend();
        super.link(existing, name);
        names.put(name, Optional.empty());
        carryContent(existing, name);
    }

    @Override
    void rename(Path from, Path to) throws IOException {
        spend();
        Optional<byte[]> before = Files.exists(to) ? Optional.of(Files.readAllBytes(to)) : Optional.empty();
        super.rename(from, to);
        names.putIfAbsent(to, before);
        carryContent(from, to);
        contents.remove(from);
        names.remove(from);
    }

    @Override
    void createDirectory(Path directory) throws IOException {
        spend();
        super.createDirectory(directory);
        names.put(directory, Optional.empty());
    }

    @Override
    void syncDirectory(Path directory) throws IOException {
        spend();
        if (dyingAt.isPresent() && directory.endsWith(dyingAt.get())) {
            throw new IOException("the process is dead");
        }
        if (forgotten != Forgotten.SYNC_OF_DIRECTORY) {
            names.keySet().removeIf(name -> name.getParent().equals(directory));
        }
    }

    @Override
    boolean delete(Path file) throws IOException {
        spend();
        names.remove(file);
        contents.remove(file);
        return super.delete(file);
    }

    private void spend() throws IOException {
        if (--callsLeft < 0) {
            callsLeft = -1;
            throw new IOException("the power is off");
        }
    }

    private void carryContent(Path from, Path to) {
        if (contents.contains(from)) {
            contents.add(to);
        } else {
            contents.remove(to);
        }
    }

    private static void undo(Path file, Optional<byte[]> before) throws IOException {
        if (Files.isDirectory(file)) {
            new Deletion(file, new LocalDisk()).walk();
        } else if (before.isPresent() && Files.isDirectory(file.getParent())) {
            Files.write(file, before.get());
        } else {
            Files.deleteIfExists(file);
        }
    }
}
