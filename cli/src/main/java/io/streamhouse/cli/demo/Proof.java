package io.streamhouse.cli.demo;

import java.util.ArrayList;
import java.util.List;

/**
 * The checks of a run, in the order in which they are decided. A failed one is told at once; the PROOF lines are the last
 * that a run prints. Thread-safe.
 */
final class Proof {
    private final Narrator narrator;
    private final List<Line> lines = new ArrayList<>();

    Proof(Narrator narrator) {
        this.narrator = narrator;
    }

    /**
     * One decided check.
     *
     * @param layer what was checked
     * @param check what must hold
     */
    record Line(String layer, String check, String expected, String actual, boolean ok) {
        @Override
        public String toString() {
            return "PROOF %s %s expected=%s actual=%s %s".formatted(layer, check, expected, actual, ok ? "OK" : "FAIL");
        }
    }

    /** Decides a check by the texts of two values and returns whether it holds. */
    synchronized boolean check(String layer, String check, Object expected, Object actual) {
        String should = word(expected);
        String is = word(actual);
        return decide(new Line(layer, check, should, is, should.equals(is)));
    }

    /** Decides that a number is not below a bound, and returns whether it is so. */
    synchronized boolean checkAtLeast(String layer, String check, long bound, long actual) {
        return decide(new Line(layer, check, ">=" + bound, Long.toString(actual), actual >= bound));
    }

    private boolean decide(Line line) {
        lines.add(line);
        if (!line.ok()) {
            narrator.say(
                    "FAILED %s %s: expected %s, but it is %s",
                    line.layer(), line.check(), line.expected(), line.actual());
        }
        return line.ok();
    }

    /** Prints one line a check. */
    synchronized void print() {
        lines.forEach(narrator::print);
    }

    /** True if there was a check and none failed. */
    synchronized boolean holds() {
        return !lines.isEmpty() && lines.stream().allMatch(Line::ok);
    }

    /** All checks so far. */
    synchronized List<Line> lines() {
        return List.copyOf(lines);
    }

    /** A value without blanks, so that a line stays six words for scripts. */
    private static String word(Object value) {
        return String.valueOf(value).strip().replaceAll("\\s+", "_");
    }
}
