package io.streamhouse.storage;

import io.streamhouse.spec.ErrorCode;
import io.streamhouse.spec.StreamhouseException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;

/** One thread writes an object over and over while others read it; what they see must be one whole content. */
public final class PartialReads {
    private static final int READERS = 3;

    /** Ways to write. */
    public enum Writing {
        PUT,
        CREATE,
        PUT_IF_ABSENT_AFTER_DELETE
    }

    private PartialReads() {}

    /** Returns what was seen that is no whole content: empty for a right store. */
    public static List<String> run(ObjectStore store, String path, Writing writing, int rounds)
            throws IOException, InterruptedException, ExecutionException {
        AtomicBoolean writingOn = new AtomicBoolean(true);
        ExecutorService executor = Executors.newFixedThreadPool(READERS);
        List<String> seen = new ArrayList<>();
        try {
            List<Future<List<String>>> readers = new ArrayList<>();
            for (int i = 0; i < READERS; i++) {
                readers.add(executor.submit(() -> readWhile(writingOn, store, path)));
            }
            try {
                for (int round = 0; round < rounds; round++) {
                    write(store, path, writing, Stamped.content(round, (round * 7919) % 600_000));
                }
            } finally {
                writingOn.set(false);
            }
            for (Future<List<String>> reader : readers) {
                seen.addAll(reader.get());
            }
        } finally {
            executor.shutdownNow();
            executor.awaitTermination(10, TimeUnit.SECONDS);
        }
        return seen;
    }

    private static void write(ObjectStore store, String path, Writing writing, byte[] content) throws IOException {
        switch (writing) {
            case PUT -> store.put(path, content);
            case CREATE -> {
                try (ObjectOutput output = store.create(path)) {
                    for (int done = 0; done < content.length; ) {
                        int piece = Math.min(10_000, content.length - done);
                        output.write(content, done, piece);
                        done += piece;
                    }
                    output.commit();
                }
            }
            case PUT_IF_ABSENT_AFTER_DELETE -> {
                store.delete(path);
                store.putIfAbsent(path, content);
            }
        }
    }

    private static List<String> readWhile(AtomicBoolean writingOn, ObjectStore store, String path) throws IOException {
        List<String> wrong = new ArrayList<>();
        do {
            try {
                byte[] bytes = store.read(path);
                if (Stamped.writerOf(bytes) < 0) {
                    wrong.add("%d bytes that nobody wrote".formatted(bytes.length));
                }
            } catch (StreamhouseException e) {
                if (e.code() != ErrorCode.MISSING_FILE) {
                    wrong.add(e.getMessage());
                }
            }
        } while (writingOn.get() && wrong.size() < 10);
        return wrong;
    }
}
