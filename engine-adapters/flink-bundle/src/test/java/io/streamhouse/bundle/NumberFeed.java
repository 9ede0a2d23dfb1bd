package io.streamhouse.bundle;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;

/** An endless input: a directory into which files with the numbers 0, 1, 2 … come until it is stopped. */
final class NumberFeed implements AutoCloseable {
    private static final int ROWS_PER_FILE = 250;
    private static final long INTERVAL_MILLIS = 50;

    private final Path directory;
    private final ScheduledExecutorService executor = Executors.newSingleThreadScheduledExecutor();
    private final ScheduledFuture<?> future;
    private volatile long rows;

    private NumberFeed(Path directory) {
        this.directory = directory;
        this.future = executor.scheduleWithFixedDelay(this::writeFile, 0, INTERVAL_MILLIS, TimeUnit.MILLISECONDS);
    }

    static NumberFeed start(Path directory) throws IOException {
        return new NumberFeed(Files.createDirectories(directory));
    }

    private void writeFile() {
        StringBuilder lines = new StringBuilder();
        for (long id = rows; id < rows + ROWS_PER_FILE; id++) {
            lines.append("{\"id\":").append(id).append("}\n");
        }
        String name = "numbers-" + rows + ".json";
        try {
            // Flink does not look at files whose names begin with a dot
            Path hidden = Files.writeString(directory.resolve("." + name), lines);
            Files.move(hidden, directory.resolve(name), StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        rows += ROWS_PER_FILE;
    }

    /** Numbers that came so far: 0 (inclusive) to this (exclusive). */
    long rows() {
        return rows;
    }

    /** Ends the input; returns how many numbers came. */
    long stop() throws InterruptedException, ExecutionException {
        executor.shutdown();
        if (!executor.awaitTermination(10, TimeUnit.SECONDS)) {
            throw new IllegalStateException("the feed did not stop");
        }
        if (!future.isCancelled() && future.isDone()) {
            // a feed that broke off says why
            future.get();
        }
        return rows;
    }

    @Override
    public void close() {
        executor.shutdownNow();
    }
}
