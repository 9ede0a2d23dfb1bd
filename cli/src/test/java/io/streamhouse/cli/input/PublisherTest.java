package io.streamhouse.cli.input;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.streamhouse.storage.Racing;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class PublisherTest {
    @TempDir
    Path directory;

    /** Each look at the clock is a second later. */
    private final AtomicLong now = new AtomicLong();

    private final InstantSource clock = () -> Instant.ofEpochSecond(now.incrementAndGet());

    @Test
    void atMostOneUnreadFileOfATableIsVisible() throws IOException {
        List<ChangeFile> files = files(SourceTable.ORDERS, 5);
        AtomicLong seen = new AtomicLong();
        List<Long> visibleAtEachLook = new ArrayList<>();
        Publisher publisher = new Publisher(
                Map.of(SourceTable.ORDERS, files),
                table -> {
                    long visible = files.stream()
                            .filter(file -> Files.exists(file.visible()))
                            .count();
                    visibleAtEachLook.add(visible - seen.get() / 10);
                    // the table is read after the third look
                    return visibleAtEachLook.size() % 3 == 0 ? seen.addAndGet(10) : seen.get();
                },
                clock,
                Duration.ofDays(1));
        publisher.run();
        assertTrue(publisher.isDone());
        assertNull(publisher.failure());
        assertEquals(50, publisher.publishedEvents());
        assertEquals(5, publisher.visibleAfterMillis().size());
        assertTrue(visibleAtEachLook.stream().allMatch(unread -> unread <= 1), visibleAtEachLook.toString());
        assertTrue(files.stream().noneMatch(file -> Files.exists(file.hidden())));
    }

    @Test
    void tablesDoNotWaitForEachOther() throws IOException {
        List<ChangeFile> orders = files(SourceTable.ORDERS, 3);
        List<ChangeFile> lines = files(SourceTable.LINEITEM, 3);
        Publisher publisher = new Publisher(
                Map.of(SourceTable.ORDERS, orders, SourceTable.LINEITEM, lines),
                table -> table == SourceTable.ORDERS ? 0 : 100,
                clock,
                Duration.ofSeconds(200));
        publisher.run();
        assertFalse(publisher.isDone());
        assertTrue(publisher.failure().contains("event 10 of orders (seen: 0)"), publisher.failure());
        assertTrue(lines.stream().allMatch(file -> Files.exists(file.visible())));
        assertFalse(Files.exists(orders.get(1).visible()));
    }

    @Test
    void aFileWhoseLastEventDoesNotComeCanBePassedOnce() throws IOException {
        List<ChangeFile> files = files(SourceTable.ORDERS, 3);
        AtomicReference<Publisher> running = new AtomicReference<>();
        AtomicLong looks = new AtomicLong();
        Publisher publisher = new Publisher(
                Map.of(SourceTable.ORDERS, files),
                table -> {
                    if (looks.incrementAndGet() == 5) {
                        assertTrue(running.get().showNext());
                    }
                    return 0;
                },
                clock,
                Duration.ofSeconds(200));
        running.set(publisher);
        publisher.run();
        assertTrue(publisher.failure().contains("event 20 of orders (seen: 0)"), publisher.failure());
        assertTrue(Files.exists(files.get(1).visible()));
        assertFalse(Files.exists(files.get(2).visible()));
        assertEquals(List.of(), publisher.visibleAfterMillis());
    }

    @Test
    void behindTheLastFileOfATableThereIsNoNextOne() throws IOException {
        Publisher publisher = new Publisher(
                Map.of(SourceTable.ORDERS, files(SourceTable.ORDERS, 1)), table -> 0, clock, Duration.ofSeconds(5));
        publisher.run();
        assertFalse(publisher.showNext());
    }

    @Racing
    void noMoreIsShownThanIsAllowedAndTheLastFileOnlyIfAllAre() throws IOException {
        List<ChangeFile> files = files(SourceTable.ORDERS, 10);
        Publisher publisher =
                new Publisher(Map.of(SourceTable.ORDERS, files), table -> 1_000, clock, Duration.ofSeconds(5));
        publisher.allow(0.35);
        Thread thread = new Thread(publisher);
        thread.start();
        awaitHeld(publisher);
        assertEquals(60, publisher.unreadEvents());
        publisher.allow(0.99);
        spinWhile(() -> publisher.unreadEvents() > 10);
        awaitHeld(publisher);
        assertEquals(10, publisher.unreadEvents());
        publisher.allow(1);
        spinWhile(thread::isAlive);
        assertTrue(publisher.isDone());
        assertEquals(0, publisher.unreadEvents());
    }

    @Test
    void timeInWhichNobodyCanReadDoesNotCount() throws IOException {
        AtomicReference<Publisher> running = new AtomicReference<>();
        AtomicLong looks = new AtomicLong();
        Publisher publisher = new Publisher(
                Map.of(SourceTable.ORDERS, files(SourceTable.ORDERS, 2)),
                table -> {
                    // thirty seconds pass, of which not more than one at a time counts
                    running.get().setTimed(looks.incrementAndGet() % 5 == 0);
                    return looks.get() < 30 ? 0 : 100;
                },
                clock,
                Duration.ofSeconds(3));
        running.set(publisher);
        publisher.run();
        assertNull(publisher.failure());
        assertTrue(publisher.isDone());
    }

    private static void awaitHeld(Publisher publisher) {
        spinWhile(() -> !publisher.isHeld());
    }

    /** Ends with an error when the test's time is over. */
    private static void spinWhile(BooleanSupplier condition) {
        while (condition.getAsBoolean()) {
            if (Thread.currentThread().isInterrupted()) {
                throw new AssertionError("it does not come");
            }
            Thread.onSpinWait();
        }
    }

    private List<ChangeFile> files(SourceTable table, int count) throws IOException {
        List<ChangeFile> files = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            Path visible = directory.resolve(table.name() + i);
            Path hidden = directory.resolve("." + table.name() + i);
            Files.writeString(hidden, "x");
            files.add(new ChangeFile(table, i, hidden, visible, 10, (i + 1) * 10L, 1));
        }
        return files;
    }
}
