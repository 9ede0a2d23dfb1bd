package io.streamhouse.cli.demo;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/**
 * When the cluster is killed: five moments drawn by a seed, the third of them in the middle of the correction.
 *
 * @param kills in the order in which they come
 */
record KillPlan(List<Kill> kills) {
    /** Shares of the input after which kills come at the earliest: two before the correction and two after it. */
    private static final double[] FROM = {0.06, 0.22, Correction.DUE, 0.70, 0.82};

    /** As a share of the input: how much later a kill may be due. */
    private static final double SPREAD = 0.06;

    /** From when it is due or from the beginning of the swap, which takes one to three seconds. */
    private static final int LEAST_MILLIS = 100;

    private static final int SPREAD_MILLIS = 1_500;

    /** What may be shown while the UPDATE runs, so that enough is left for the kills after it. */
    static final double ALLOWED_AT_UPDATE = 0.6;

    /** Kills in a run. */
    static final int COUNT = FROM.length;

    KillPlan {
        kills = List.copyOf(kills);
    }

    /** What goes on when a kill comes. */
    enum Moment {
        /** The jobs run. */
        STREAM,
        /** DWD is being stopped with a savepoint and started with the right logic. */
        SWAP,
        /** The UPDATE runs. */
        UPDATE
    }

    /**
     * One kill.
     *
     * @param due share of the input that has been read before
     * @param delay from then, or from the beginning of what it hits, to the kill; what it hits may ask for it earlier,
     *     lest it be too late. None for the UPDATE, which may be done after less than a second
     */
    record Kill(double due, Duration delay, Moment moment) {}

    /** The plan of a seed. */
    static KillPlan of(long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        Moment hit = random.nextBoolean() ? Moment.UPDATE : Moment.SWAP;
        List<Kill> kills = new ArrayList<>();
        for (double from : FROM) {
            boolean inCorrection = from == Correction.DUE;
            Moment moment = inCorrection ? hit : Moment.STREAM;
            double due = inCorrection ? from : from + random.nextDouble(SPREAD);
            Duration delay = Duration.ofMillis(LEAST_MILLIS + random.nextInt(SPREAD_MILLIS));
            kills.add(new Kill(due, moment == Moment.UPDATE ? Duration.ZERO : delay, moment));
        }
        return new KillPlan(kills);
    }
}
