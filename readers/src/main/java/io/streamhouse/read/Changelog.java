package io.streamhouse.read;

import io.streamhouse.catalog.Table;
import io.streamhouse.log.Bound;
import io.streamhouse.log.Start;
import io.streamhouse.read.filter.Predicate;
import io.streamhouse.read.filter.ReadRequest;
import io.streamhouse.spec.option.ChangelogShape;
import io.streamhouse.spec.type.Field;
import java.io.IOException;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * A subscription, put together step by step: by default the whole newest table, then all changes of shape {@code full}
 * without end. One thread.
 */
public final class Changelog {
    private static final Duration DISCOVERY_INTERVAL = Duration.ofMillis(100);

    private final Table table;
    private Start start = Start.full();
    private Bound bound = Bound.none();
    private ChangelogShape shape = ChangelogShape.FULL;
    private List<String> columns;
    private Predicate predicate;
    private Duration interval = DISCOVERY_INTERVAL;
    private Pause pause = Pause.real();

    private Changelog(Table table) {
        this.table = table;
    }

    public static Changelog of(Table table) {
        return new Changelog(table);
    }

    public Changelog from(Start where) {
        start = where;
        return this;
    }

    public Changelog until(Bound where) {
        bound = where;
        return this;
    }

    public Changelog shape(ChangelogShape which) {
        shape = which;
        return this;
    }

    /**
     * Delivers these columns in this order; an update that changes none of them is no change of shape {@code full}.
     */
    public Changelog select(String... names) {
        return select(Arrays.asList(names));
    }

    /** As {@link #select(String...)}. */
    public Changelog select(List<String> names) {
        columns = List.copyOf(names);
        return this;
    }

    /** Delivers the changelog of the filtered table: a row that moves into the filter is +I, one that leaves it -D. */
    public Changelog where(Predicate condition) {
        predicate = predicate == null ? condition : Predicate.and(predicate, condition);
        return this;
    }

    /** How often to look for new commits while waiting. */
    public Changelog discoveryInterval(Duration time) {
        if (time.isNegative() || time.isZero()) {
            throw new IllegalArgumentException("discovery interval " + time);
        }
        interval = time;
        return this;
    }

    /** How to wait between two looks. */
    public Changelog pause(Pause how) {
        pause = how;
        return this;
    }

    /** Resolves start and bound against the table as it is now. */
    public ChangelogReader open() throws IOException {
        List<String> names = columns != null
                ? columns
                : table.schema().fields().stream().map(Field::name).toList();
        ReadRequest request = ReadRequest.of(table.schema(), names, Optional.ofNullable(predicate));
        Resolution resolution = Resolution.of(table, start, bound);
        return new ChangelogReader(table, request, shape, resolution, new ChangelogReader.Waiting(interval, pause));
    }
}
