package io.streamhouse.cli.demo;

import io.streamhouse.cli.demo.KillPlan.Kill;
import java.util.ArrayList;
import java.util.List;

/**
 * What happens while the jobs run, in order: the correction, and in a demo of crashes the kills, one of which hits it.
 *
 * @param correction the steps
 * @param crashes the hand that kills
 */
record Programme(Correction correction, Crashes crashes) {
    /** Between the moment when a kill is due and the end of what may be shown. */
    private static final double ROOM = 0.06;

    List<Happening> correctionAlone() {
        return List.of(new Happening(Correction.DUE, Correction.ALLOWED_AT_SWAP, () -> Happening.State.READY, () -> {
            correction.find();
            correction.swap(Blow.NONE);
            correction.update(Blow.NONE);
        }));
    }

    List<Happening> withKills(KillPlan plan) {
        List<Happening> happenings = new ArrayList<>();
        for (Kill kill : plan.kills()) {
            double allowed = kill.moment() == KillPlan.Moment.STREAM ? kill.due() + ROOM : Correction.ALLOWED_AT_SWAP;
            happenings.add(new Happening(kill.due(), allowed, crashes::state, body(kill)));
        }
        return happenings;
    }

    /** The kill; after one that hit the correction, the steps that it may have undone are made again. */
    private Runnable body(Kill kill) {
        return switch (kill.moment()) {
            case STREAM -> () -> crashes.strike(kill, Blow::begun, () -> true);
            case SWAP ->
                () -> {
                    correction.find();
                    crashes.strike(kill, correction::swap, () -> true);
                    correction.swap(Blow.NONE);
                    correction.update(Blow.NONE);
                };
            case UPDATE ->
                () -> {
                    correction.find();
                    correction.swap(Blow.NONE);
                    crashes.strike(kill, correction::update, correction::isUpdateOpen);
                    correction.goOnElsewhere();
                    correction.update(Blow.NONE);
                };
        };
    }
}
