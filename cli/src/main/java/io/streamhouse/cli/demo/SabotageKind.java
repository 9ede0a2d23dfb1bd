package io.streamhouse.cli.demo;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** A fault in the path, never in the judge: the proof must find each of them. */
public enum SabotageKind {
    /** A subscription loses one change. */
    DROP_CHANGE("drop-change"),
    /** The sink writes one row wrongly. */
    WRONG_ROW("wrong-row"),
    /** The committer acknowledges one commit without publishing it. */
    LOST_COMMIT("lost-commit");

    /** The system property by which the fault is switched on; set by the demo alone. */
    static final String PROPERTY = "streamhouse.sabotage";

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
}
