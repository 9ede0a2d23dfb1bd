package io.streamhouse.cli.demo;

import io.streamhouse.spec.Sabotage;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * A fault in the path, never in the judge: the proof must find each of them.
 *
 * <p>The engine knows them as {@link Sabotage}, which reads the switch when its class is initialised; so these are words of
 * our own, and that class is not touched before the switch is set.
 */
public enum SabotageKind {
    /** A subscription loses one change. */
    DROP_CHANGE("drop-change"),
    /** The sink writes one row wrongly. */
    WRONG_ROW("wrong-row"),
    /** The committer acknowledges one commit without publishing it. */
    LOST_COMMIT("lost-commit"),
    /** The UPDATE that corrects passes over some rows. */
    LOST_UPDATE("lost-update");

    private final String word;

    SabotageKind(String word) {
        this.word = word;
    }

    /** The fault's name on the command line and in the property. */
    public String word() {
        return word;
    }

    /** The fault of a name, if there is one. */
    public static Optional<SabotageKind> of(String word) {
        return Arrays.stream(values()).filter(kind -> kind.word.equals(word)).findFirst();
    }

    /** All names. */
    public static List<String> words() {
        return Arrays.stream(values()).map(SabotageKind::word).toList();
    }

    /**
     * Sets the switch for this process, for its whole life.
     *
     * @throws IllegalStateException if the engine has read the switch before
     */
    void plant() {
        System.setProperty(Sabotage.PROPERTY, word);
        if (!Sabotage.active().text().equals(word)) {
            throw new IllegalStateException("the fault " + word + " must be planted before the engine is used");
        }
    }
}
