package io.streamhouse.testkit.simulation;

import java.util.Collections;
import java.util.EnumSet;
import java.util.NavigableSet;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * All that one history follows from: a seed, what is smaller than its settings say, and what of its choices may happen. The
 * same schedule and mutant give the same history, byte for byte.
 */
public final class Schedule {
    private static final Pattern MOVE = Pattern.compile("([0-9]{1,6})((?:[ipwf][0-9]{1,6})*)");
    private static final Pattern PART = Pattern.compile("([ipwf])([0-9]+)");

    private final long seed;
    private final Set<Cut> cuts;
    private final Optional<NavigableSet<Choice>> only;

    Schedule(long seed, Set<Cut> cuts, Optional<NavigableSet<Choice>> only) {
        this.seed = seed;
        this.cuts = cuts.isEmpty() ? EnumSet.noneOf(Cut.class) : EnumSet.copyOf(cuts);
        this.only = only.map(TreeSet::new);
    }

    /** Everything that the seed says. */
    static Schedule of(long seed) {
        return new Schedule(seed, Set.of(), Optional.empty());
    }

    /**
     * What is left of a seed's history: {@code 3,7i0f1+one-job} is its moves 3 and 7, in the latter the first intervention
     * and the second fault, with one job. {@link IllegalArgumentException} if the text is none.
     */
    public static Schedule parse(long seed, String text) {
        String[] parts = text.split("\\+", -1);
        NavigableSet<Choice> only = new TreeSet<>();
        if (!parts[0].isEmpty()) {
            for (String move : parts[0].split(",", -1)) {
                Matcher matcher = MOVE.matcher(move);
                if (!matcher.matches()) {
                    throw new IllegalArgumentException("'%s' is no move".formatted(move));
                }
                addMove(only, Integer.parseInt(matcher.group(1)), matcher.group(2));
            }
        }
        Set<Cut> cuts = EnumSet.noneOf(Cut.class);
        for (int i = 1; i < parts.length; i++) {
            cuts.add(Cut.of(parts[i]));
        }
        return new Schedule(seed, cuts, Optional.of(only));
    }

    private static void addMove(Set<Choice> only, int move, String parts) {
        only.add(Choice.ofMove(move));
        Matcher matcher = PART.matcher(parts);
        while (matcher.find()) {
            for (Choice.Kind kind : Choice.Kind.values()) {
                if (kind.letter() == matcher.group(1).charAt(0)) {
                    only.add(new Choice(move, kind, Integer.parseInt(matcher.group(2))));
                }
            }
        }
    }

    public long seed() {
        return seed;
    }

    Set<Cut> cuts() {
        return Collections.unmodifiableSet(cuts);
    }

    Optional<NavigableSet<Choice>> only() {
        return only.map(Collections::unmodifiableNavigableSet);
    }

    Schedule with(Cut cut) {
        Set<Cut> more = EnumSet.copyOf(cuts);
        more.add(cut);
        return new Schedule(seed, more, only);
    }

    Schedule only(NavigableSet<Choice> choices) {
        return new Schedule(seed, cuts, Optional.of(choices));
    }

    /** Moves of the scheduler that are left; absent for all of them. */
    public Optional<Integer> moves() {
        return only.map(all ->
                (int) all.stream().filter(c -> c.kind() == Choice.Kind.MOVE).count());
    }

    /** What {@link #parse} reads; empty for a whole history. */
    @Override
    public String toString() {
        StringBuilder out = new StringBuilder();
        if (only.isPresent()) {
            int last = -1;
            for (Choice c : only.get()) {
                if (c.move() != last) {
                    out.append(last < 0 ? "" : ",").append(c.move());
                    last = c.move();
                }
                if (c.kind() != Choice.Kind.MOVE) {
                    out.append(c.kind().letter()).append(c.number());
                }
            }
        }
        cuts.forEach(c -> out.append('+').append(c.word()));
        return out.toString();
    }
}
