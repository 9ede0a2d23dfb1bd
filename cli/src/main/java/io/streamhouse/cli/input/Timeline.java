package io.streamhouse.cli.input;

import io.trino.tpch.Distributions;
import io.trino.tpch.LineItem;
import io.trino.tpch.LineItemGenerator;
import io.trino.tpch.Order;
import io.trino.tpch.OrderGenerator;
import io.trino.tpch.TextPool;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.SplittableRandom;

/**
 * The life of all orders and line items as one list of happenings in time order.
 *
 * <p>A happening is packed into a long, so that sorting is a sort of numbers: seconds since {@link #EPOCH_DAY} (28
 * bits), index of the order (24), line number or 0 for the order itself (3), and what happens (3). Happenings of one
 * row never share a second with an earlier kind in the wrong order, since kinds ascend as a row's life does.
 */
final class Timeline {
    static final int ORDER_PLACED = 0;
    static final int ORDER_PARTLY_DELIVERED = 1;
    static final int ORDER_FULFILLED = 2;

    static final int LINE_ADDED = 0;
    static final int LINE_CANCELLED = 1;
    static final int LINE_ADDED_AGAIN = 2;
    static final int LINE_RETURNED = 3;

    private static final int KIND_BITS = 3;
    private static final int LINE_BITS = 3;
    private static final int ORDER_BITS = 24;
    private static final int MAX_ORDERS = 1 << ORDER_BITS;

    private static final long EPOCH_DAY = LocalDate.of(1992, 1, 1).toEpochDay();
    private static final int DAY = 86_400;
    /** The day after TPC-H's last order; what would happen later has not happened yet. */
    private static final long HORIZON = (LocalDate.of(1998, 8, 3).toEpochDay() - EPOCH_DAY) * DAY;

    // shares of orders and of line items, so chosen that scale 0.1 has about 1.1 million events
    private static final double PARTLY_DELIVERED = 0.25;
    private static final double ADDED_LATE = 0.05;
    private static final double CANCELLED = 0.09;
    private static final double ADDED_AGAIN = 0.2;
    private static final double RETURNED = 0.2;

    /** Comments are not used here; the default pool of 300 MB takes ten seconds to make. */
    private static final int TEXT_POOL_BYTES = 1 << 20;

    private final List<Order> orders = new ArrayList<>();
    private final List<List<LineItem>> lines = new ArrayList<>();
    private final long seed;
    private long[] happenings = new long[1 << 16];
    private int count;

    private Timeline(long seed) {
        this.seed = seed;
    }

    /** Lays out all happenings of a scale; the same scale and seed give the same list. */
    static Timeline of(double scale, long seed) {
        Timeline timeline = new Timeline(seed);
        timeline.read(scale);
        Arrays.sort(timeline.happenings, 0, timeline.count);
        timeline.dropTrailingCancellations();
        return timeline;
    }

    static Distributions distributions() {
        return Distributions.getDefaultDistributions();
    }

    static TextPool textPool() {
        return new TextPool(TEXT_POOL_BYTES, distributions());
    }

    int size() {
        return count;
    }

    int orderIndex(int position) {
        return (int) (happenings[position] >>> KIND_BITS + LINE_BITS) & MAX_ORDERS - 1;
    }

    /** 1 to 7, or 0 if it happens to the order itself. */
    int lineNumber(int position) {
        return (int) (happenings[position] >>> KIND_BITS) & (1 << LINE_BITS) - 1;
    }

    int kind(int position) {
        return (int) happenings[position] & (1 << KIND_BITS) - 1;
    }

    int orderCount() {
        return orders.size();
    }

    Order order(int index) {
        return orders.get(index);
    }

    LineItem line(int orderIndex, int lineNumber) {
        return lines.get(orderIndex).get(lineNumber - 1);
    }

    private void read(double scale) {
        TextPool pool = textPool();
        Iterator<LineItem> allLines = new LineItemGenerator(scale, 1, 1, distributions(), pool).iterator();
        LineItem next = allLines.hasNext() ? allLines.next() : null;
        for (Order order : new OrderGenerator(scale, 1, 1, distributions(), pool)) {
            if (orders.size() == MAX_ORDERS) {
                throw new IllegalArgumentException("scale " + scale + " has more than " + MAX_ORDERS + " orders");
            }
            List<LineItem> own = new ArrayList<>(7);
            while (next != null && next.getOrderKey() == order.getOrderKey()) {
                own.add(next);
                next = allLines.hasNext() ? allLines.next() : null;
            }
            orders.add(order);
            lines.add(own);
            live(orders.size() - 1, order, own);
        }
    }

    /** All that happens to one order and its line items. */
    private void live(int index, Order order, List<LineItem> own) {
        SplittableRandom random = new SplittableRandom(seed ^ order.getOrderKey() * 0x9E3779B97F4A7C15L);
        long placed = seconds(order.getOrderDate()) + random.nextInt(DAY);
        add(placed, index, 0, ORDER_PLACED);
        long firstShipped = Long.MAX_VALUE;
        long lastReceived = 0;
        for (LineItem line : own) {
            firstShipped = Math.min(firstShipped, seconds(line.getShipDate()));
            lastReceived = Math.max(lastReceived, seconds(line.getReceiptDate()));
            liveLine(index, line, placed, random);
        }
        if (own.isEmpty()) {
            return;
        }
        long last = placed;
        if (random.nextDouble() < PARTLY_DELIVERED) {
            last = Math.max(placed + 1, firstShipped + random.nextInt(DAY));
            add(last, index, 0, ORDER_PARTLY_DELIVERED);
        }
        add(Math.max(last + 1, lastReceived + random.nextInt(DAY)), index, 0, ORDER_FULFILLED);
    }

    private void liveLine(int index, LineItem line, long placed, SplittableRandom random) {
        int number = line.getLineNumber();
        long added = placed + number;
        if (random.nextDouble() < ADDED_LATE) {
            added += random.nextInt(2 * DAY);
        }
        add(added, index, number, LINE_ADDED);
        long last = added;
        if (random.nextDouble() < CANCELLED) {
            last = added + 60 + random.nextInt(90 * DAY);
            add(last, index, number, LINE_CANCELLED);
            if (random.nextDouble() >= ADDED_AGAIN) {
                return;
            }
            last += 60 + random.nextInt(30 * DAY);
            add(last, index, number, LINE_ADDED_AGAIN);
        }
        if (random.nextDouble() < RETURNED) {
            long returned = seconds(line.getReceiptDate()) + random.nextInt(30 * DAY);
            add(Math.max(last + 1, returned), index, number, LINE_RETURNED);
        }
    }

    private void add(long second, int order, int line, int kind) {
        if (second >= HORIZON) {
            return;
        }
        if (count == happenings.length) {
            happenings = Arrays.copyOf(happenings, count * 2);
        }
        happenings[count++] = ((second << ORDER_BITS | order) << LINE_BITS | line) << KIND_BITS | kind;
    }

    /** The last event of a file must be visible in the table, so the last one of all must not be a delete. */
    private void dropTrailingCancellations() {
        int last = count - 1;
        while (last >= 0 && lineNumber(last) == 0) {
            last--;
        }
        while (last >= 0 && lineNumber(last) != 0 && kind(last) == LINE_CANCELLED) {
            System.arraycopy(happenings, last + 1, happenings, last, count - last - 1);
            count--;
            last--;
            while (last >= 0 && lineNumber(last) == 0) {
                last--;
            }
        }
    }

    private static long seconds(int epochDay) {
        return (epochDay - EPOCH_DAY) * DAY;
    }
}
