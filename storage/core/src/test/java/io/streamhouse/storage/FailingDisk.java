package io.streamhouse.storage;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;

/** A disk that fails once, at the next call of a kind, instead of doing it or after it; or that does something before. */
final class FailingDisk extends LocalDisk {
    enum Call {
        OPEN,
        CREATE,
        WRITE,
        SYNC,
        LINK,
        RENAME,
        CREATE_DIRECTORY,
        SYNC_DIRECTORY,
        DELETE
    }

    enum When {
        INSTEAD,
        AFTER
    }

    interface Action {
        void run() throws IOException;
    }

    private interface Answer<T> {
        T get() throws IOException;
    }

    private Call failing;
    private When when;
    private Exception failure;
    private Call preceded;
    private Action action;

    /** The next call of this kind fails with this IOException or unchecked exception. */
    void fail(Call call, When moment, Exception exception) {
        failing = call;
        when = moment;
        failure = exception;
    }

    /** The action runs once, directly before the next call of this kind. */
    void before(Call call, Action first) {
        preceded = call;
        action = first;
    }

    @Override
    FileChannel open(Path file) throws IOException {
        return answer(Call.OPEN, () -> super.open(file));
    }

    @Override
    FileChannel create(Path file) throws IOException {
        return answer(Call.CREATE, () -> super.create(file));
    }

    @Override
    void write(FileChannel channel, ByteBuffer bytes) throws IOException {
        act(Call.WRITE, () -> super.write(channel, bytes));
    }

    @Override
    void sync(FileChannel channel, Path file) throws IOException {
        act(Call.SYNC, () -> super.sync(channel, file));
    }

    @Override
    void link(Path existing, Path name) throws IOException {
        act(Call.LINK, () -> super.link(existing, name));
    }

    @Override
    void rename(Path from, Path to) throws IOException {
        act(Call.RENAME, () -> super.rename(from, to));
    }

    @Override
    void createDirectory(Path directory) throws IOException {
        act(Call.CREATE_DIRECTORY, () -> super.createDirectory(directory));
    }

    @Override
    void syncDirectory(Path directory) throws IOException {
        act(Call.SYNC_DIRECTORY, () -> super.syncDirectory(directory));
    }

    @Override
    boolean delete(Path file) throws IOException {
        return answer(Call.DELETE, () -> super.delete(file));
    }

    private void act(Call call, Action todo) throws IOException {
        answer(call, () -> {
            todo.run();
            return null;
        });
    }

    private <T> T answer(Call call, Answer<T> todo) throws IOException {
        if (call == preceded) {
            preceded = null;
            action.run();
        }
        if (call != failing) {
            return todo.get();
        }
        failing = null;
        if (when == When.AFTER) {
            T done = todo.get();
            if (done instanceof FileChannel channel) {
                channel.close();
            }
        }
        if (failure instanceof IOException e) {
            throw e;
        }
        throw (RuntimeException) failure;
    }
}
