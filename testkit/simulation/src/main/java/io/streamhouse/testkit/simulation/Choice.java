package io.streamhouse.testkit.simulation;

import java.util.Comparator;

/**
 * Something that a history may leave out, named by where it stands: every move has chance of its own, so that leaving one
 * out leaves the others what they were.
 *
 * @param move the move of the scheduler that it belongs to, from 0
 * @param kind what it is
 * @param number which of its kind within the move, from 0
 */
record Choice(int move, Kind kind, int number) implements Comparable<Choice> {
    private static final Comparator<Choice> ORDER =
            Comparator.comparingInt(Choice::move).thenComparing(Choice::kind).thenComparingInt(Choice::number);

    /** What can be left out. */
    enum Kind {
        /** The whole move. */
        MOVE(' '),
        /** Somebody acts in the middle of another one's move. */
        INTERVENTION('i'),
        /** Whoever is about to publish is paused for minutes. */
        PAUSE('p'),
        /** A machine loses its power while somebody is about to publish. */
        POWER('w'),
        /** A fault of the store. */
        FAULT('f');

        private final char letter;

        Kind(char letter) {
            this.letter = letter;
        }

        char letter() {
            return letter;
        }
    }

    static Choice ofMove(int move) {
        return new Choice(move, Kind.MOVE, 0);
    }

    @Override
    public int compareTo(Choice other) {
        return ORDER.compare(this, other);
    }
}
