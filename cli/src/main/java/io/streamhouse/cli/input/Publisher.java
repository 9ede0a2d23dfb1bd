package io.streamhouse.cli.input;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.LockSupport;
import java.util.function.ToLongFunction;

/**
 * Shows the files of each table one by one: the next only after the table contains the last event of the one before.
 *
 * <p>Flink's file source promises no order across files, so at most one unread file of a table is visible. Run it on a
 * thread of its own; the getters are safe from any thread.
 */
public final class Publisher implements Runnable {
    private static final long POLL_NANOS = 10_000_000;

    private final Map<SourceTable, List<ChangeFile>> files;
    private final ToLongFunction<SourceTable> lastSeenEvent;
    private final InstantSource clock;
    private final Duration stallLimit;
    private final Map<SourceTable, Integer> nextIndex = new ConcurrentHashMap<>();
    private final Map<SourceTable, Long> publishedMillis = new ConcurrentHashMap<>();
    private final Set<SourceTable> awaitedNoMore = ConcurrentHashMap.newKeySet();
    private final List<Long> visibleAfterMillis = new ArrayList<>();
    private volatile boolean stopped;
    private volatile String failure;
    private volatile boolean done;
    private volatile long publishedEvents;
    private volatile double allowedShare = 1;
    private volatile boolean held;
    private volatile boolean timed = true;

    /**
     * @param files per table, in order
     * @param lastSeenEvent highest event number that a committed version of the table has shown, 0 for none
     * @param stallLimit after this long without any progress the publisher gives up
     */
    public Publisher(
            Map<SourceTable, List<ChangeFile>> files,
            ToLongFunction<SourceTable> lastSeenEvent,
            InstantSource clock,
            Duration stallLimit) {
        this.files = new LinkedHashMap<>(files);
        this.lastSeenEvent = lastSeenEvent;
        this.clock = clock;
        this.stallLimit = stallLimit;
        files.keySet().forEach(table -> nextIndex.put(table, 0));
    }

    /** Publishes until all is seen in the tables, {@link #stop} is called, or nothing moves any more. */
    @Override
    public void run() {
        long lastProgress = clock.millis();
        while (!stopped && !done) {
            boolean progress = false;
            boolean open = false;
            boolean closed = true;
            for (SourceTable table : files.keySet()) {
                progress |= step(table);
                open |= isOpen(table);
                closed &= !publishedMillis.containsKey(table);
            }
            held = open && closed;
            done = !open && failure == null;
            long now = clock.millis();
            lastProgress = progress || held || !timed ? now : lastProgress;
            if (now - lastProgress > stallLimit.toMillis() && failure == null) {
                failure = "no file was read within %d s; waiting for %s".formatted(stallLimit.toSeconds(), waiting());
            }
            if (failure != null) {
                return;
            }
            LockSupport.parkNanos(POLL_NANOS);
        }
    }

    /**
     * Shows the next file of every table that waits for the last event of the one before, and waits for that event no
     * more. Only for who knows that the file before was read although its last event does not come.
     *
     * @return false if no table that waits has a further file
     */
    public boolean showNext() {
        boolean any = false;
        for (SourceTable table : files.keySet()) {
            if (publishedMillis.containsKey(table)
                    && nextIndex.get(table) < files.get(table).size()) {
                awaitedNoMore.add(table);
                any = true;
            }
        }
        return any;
    }

    /**
     * Shows files of a table only as long as not more than this share of them has been shown; the first may always be, the
     * last only if all may.
     *
     * @param share 0 to 1; 1 at the start
     */
    public void allow(double share) {
        allowedShare = share;
    }

    /**
     * Whether time without progress counts: not while nobody is there who could read. It counts from nothing again then.
     *
     * @param timed true at the start
     */
    public void setTimed(boolean timed) {
        this.timed = timed;
    }

    /** All that is visible has been read, and no more may be shown. */
    public boolean isHeld() {
        return held;
    }

    /** Lets the thread end soon. */
    public void stop() {
        stopped = true;
    }

    /** All files are published and all their events are in the tables. */
    public boolean isDone() {
        return done;
    }

    /** Why it gave up, or null. */
    public String failure() {
        return failure;
    }

    /** Events in the files published so far. */
    public long publishedEvents() {
        return publishedEvents;
    }

    /** Events in files of which the last event has not been seen yet, published or not. */
    public long unreadEvents() {
        long unread = 0;
        for (SourceTable table : files.keySet()) {
            List<ChangeFile> own = files.get(table);
            int read = nextIndex.get(table) - (publishedMillis.containsKey(table) ? 1 : 0);
            for (ChangeFile file : own.subList(Math.max(0, read), own.size())) {
                unread += file.events();
            }
        }
        return unread;
    }

    /** Milliseconds from the publication of a file to the commit that shows its last event, as seen from here. */
    public List<Long> visibleAfterMillis() {
        synchronized (visibleAfterMillis) {
            return List.copyOf(visibleAfterMillis);
        }
    }

    private double mostShown(int files) {
        return allowedShare < 1 ? Math.min(allowedShare * files, files - 1) : files;
    }

    private boolean isOpen(SourceTable table) {
        return nextIndex.get(table) < files.get(table).size() || publishedMillis.containsKey(table);
    }

    private boolean step(SourceTable table) {
        int next = nextIndex.get(table);
        List<ChangeFile> own = files.get(table);
        Long published = publishedMillis.get(table);
        if (published != null) {
            boolean released = awaitedNoMore.remove(table);
            boolean seen = lastSeenEvent.applyAsLong(table) >= own.get(next - 1).lastEvent();
            if (!seen && !released) {
                return false;
            }
            publishedMillis.remove(table);
            if (seen) {
                synchronized (visibleAfterMillis) {
                    visibleAfterMillis.add(clock.millis() - published);
                }
            }
        }
        if (next == own.size() || next > 0 && next >= mostShown(own.size())) {
            return published != null;
        }
        ChangeFile file = own.get(next);
        try {
            Files.move(file.hidden(), file.visible(), StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException e) {
            failure = "cannot publish " + file.visible() + ": " + e;
            return false;
        }
        nextIndex.put(table, next + 1);
        publishedMillis.put(table, clock.millis());
        publishedEvents += file.events();
        return true;
    }

    /** The events that must be seen before the next files are published. */
    public String waiting() {
        List<String> open = new ArrayList<>();
        for (SourceTable table : files.keySet()) {
            if (publishedMillis.containsKey(table)) {
                ChangeFile file = files.get(table).get(nextIndex.get(table) - 1);
                open.add("event %d of %s (seen: %d)"
                        .formatted(file.lastEvent(), table.name(), lastSeenEvent.applyAsLong(table)));
            }
        }
        return String.join(", ", open);
    }
}
