package io.streamhouse.cli.input;

import io.streamhouse.cli.input.ChangeEvent.Kind;
import io.trino.tpch.Customer;
import io.trino.tpch.CustomerGenerator;
import io.trino.tpch.LineItem;
import io.trino.tpch.Nation;
import io.trino.tpch.NationGenerator;
import io.trino.tpch.Order;
import java.math.BigDecimal;
import java.time.LocalDate;
import java.util.function.Consumer;

/**
 * TPC-H told as change streams: nations and customers appear; orders arrive in date order and change status (O, P, F);
 * line items are added, returned (updated), cancelled (deleted), and some are added again.
 *
 * <p>Deterministic: one scale and one seed give the same events in the same order. Not thread-safe.
 */
public final class ChangeStreams {
    private static final double MIN_SCALE = 0.001;
    private static final double MAX_SCALE = 10;

    private final double scale;
    private final Timeline timeline;
    private final char[] orderStatus;
    private final long[] orderEvent;
    /** Per order eight places, of which 1 to 7 are its lines. */
    private final long[] lineEvent;

    private final boolean[] lineReturned;
    private final boolean[] lineAddedAgain;
    private long orderEvents;
    private long lineEvents;

    /**
     * Lays out the events; memory grows with the scale, about 150 MB at 0.1.
     *
     * @param scale TPC-H scale factor, 0.001 to 10
     */
    public ChangeStreams(double scale, long seed) {
        if (!(scale >= MIN_SCALE && scale <= MAX_SCALE)) {
            throw new IllegalArgumentException(
                    "scale %s is not between %s and %s".formatted(scale, MIN_SCALE, MAX_SCALE));
        }
        this.scale = scale;
        this.timeline = Timeline.of(scale, seed);
        int orders = timeline.orderCount();
        orderStatus = new char[orders];
        orderEvent = new long[orders];
        lineEvent = new long[orders * 8];
        lineReturned = new boolean[orders * 8];
        lineAddedAgain = new boolean[orders * 8];
    }

    /** Number of events of orders and line items together. */
    public int size() {
        return timeline.size();
    }

    /** All nations, then all customers. */
    public void forEachReference(Consumer<ChangeEvent> consumer) {
        long number = 0;
        for (Nation nation : new NationGenerator(Timeline.distributions(), Timeline.textPool())) {
            Object[] row = {nation.getNationKey(), nation.getName(), nation.getRegionKey(), ++number};
            consumer.accept(new ChangeEvent(SourceTable.NATION, Kind.CREATE, null, row, number));
        }
        number = 0;
        for (Customer c : new CustomerGenerator(scale, 1, 1, Timeline.distributions(), Timeline.textPool())) {
            Object[] row = {
                c.getCustomerKey(),
                c.getName(),
                c.getNationKey(),
                c.getMarketSegment(),
                BigDecimal.valueOf(c.getAccountBalanceInCents(), 2),
                ++number
            };
            consumer.accept(new ChangeEvent(SourceTable.CUSTOMER, Kind.CREATE, null, row, number));
        }
    }

    /** The event at a position of the time line; positions must be asked for once each, from 0 upwards. */
    ChangeEvent next(int position) {
        int order = timeline.orderIndex(position);
        int line = timeline.lineNumber(position);
        int kind = timeline.kind(position);
        return line == 0 ? orderEvent(order, kind) : lineEvent(order, line, kind);
    }

    private ChangeEvent orderEvent(int index, int kind) {
        Object[] before = kind == Timeline.ORDER_PLACED ? null : orderRow(index);
        orderStatus[index] = switch (kind) {
            case Timeline.ORDER_PLACED -> 'O';
            case Timeline.ORDER_PARTLY_DELIVERED -> 'P';
            case Timeline.ORDER_FULFILLED -> 'F';
            default -> throw new IllegalStateException("kind " + kind);
        };
        orderEvent[index] = ++orderEvents;
        return new ChangeEvent(
                SourceTable.ORDERS, before == null ? Kind.CREATE : Kind.UPDATE, before, orderRow(index), orderEvents);
    }

    private Object[] orderRow(int index) {
        Order order = timeline.order(index);
        return new Object[] {
            order.getOrderKey(),
            order.getCustomerKey(),
            String.valueOf(orderStatus[index]),
            BigDecimal.valueOf(order.getTotalPriceInCents(), 2),
            LocalDate.ofEpochDay(order.getOrderDate()),
            order.getOrderPriority(),
            orderEvent[index]
        };
    }

    private ChangeEvent lineEvent(int order, int number, int kind) {
        int place = order * 8 + number;
        boolean isNew = kind == Timeline.LINE_ADDED || kind == Timeline.LINE_ADDED_AGAIN;
        Object[] before = isNew ? null : lineRow(order, number);
        lineEvent[place] = ++lineEvents;
        switch (kind) {
            case Timeline.LINE_ADDED_AGAIN -> lineAddedAgain[place] = true;
            case Timeline.LINE_RETURNED -> lineReturned[place] = true;
            case Timeline.LINE_CANCELLED -> {
                return new ChangeEvent(SourceTable.LINEITEM, Kind.DELETE, before, null, lineEvents);
            }
            case Timeline.LINE_ADDED -> {}
            default -> throw new IllegalStateException("kind " + kind);
        }
        return new ChangeEvent(
                SourceTable.LINEITEM, isNew ? Kind.CREATE : Kind.UPDATE, before, lineRow(order, number), lineEvents);
    }

    private Object[] lineRow(int order, int number) {
        int place = order * 8 + number;
        LineItem line = timeline.line(order, number);
        // what was cancelled and comes back has lost its discount, so the two lives of the key differ
        long discountPercent = lineAddedAgain[place] ? 0 : line.getDiscountPercent();
        return new Object[] {
            line.getOrderKey(),
            number,
            line.getPartKey(),
            (int) line.getQuantity(),
            BigDecimal.valueOf(line.getExtendedPriceInCents(), 2),
            BigDecimal.valueOf(discountPercent, 2),
            lineReturned[place] ? "R" : "N",
            LocalDate.ofEpochDay(line.getShipDate()),
            line.getShipMode(),
            lineEvent[place]
        };
    }
}
