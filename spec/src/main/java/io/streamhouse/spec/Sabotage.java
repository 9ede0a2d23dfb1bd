package io.streamhouse.spec;

/**
 * Faults that the demo plants in the path of the data (never in its judge), to show that its proof can fail. Chosen by the
 * system property {@code streamhouse.sabotage} of the process, read once; nothing but the demo sets it.
 */
public enum Sabotage {
    /** No fault. */
    NONE("none"),
    /** Changelog readers lose one change in a thousand: a single loss could heal unseen. */
    DROP_CHANGE("drop-change"),
    /** A sink writer stores one row with a wrong value. */
    WRONG_ROW("wrong-row"),
    /** A committer acknowledges one commit without publishing it. */
    LOST_COMMIT("lost-commit"),
    /** An UPDATE statement passes over one row in a thousand. */
    LOST_UPDATE("lost-update");

    /** Name of the system property. */
    public static final String PROPERTY = "streamhouse.sabotage";

    private static final Sabotage ACTIVE = parse(System.getProperty(PROPERTY, "none"));

    private final String text;

    Sabotage(String text) {
        this.text = text;
    }

    /** The value of the switch. */
    public String text() {
        return text;
    }

    /** Whether this process plants this fault. */
    public boolean isActive() {
        return this == ACTIVE;
    }

    /** The fault that this process plants. */
    public static Sabotage active() {
        return ACTIVE;
    }

    /** The fault of a switch's value; others are {@code BAD_OPTION_VALUE}. */
    public static Sabotage parse(String text) {
        for (Sabotage s : values()) {
            if (s.text.equals(text)) {
                return s;
            }
        }
        throw new StreamhouseException(
                ErrorCode.BAD_OPTION_VALUE,
                "%s = '%s', allowed are drop-change, wrong-row, lost-commit, lost-update"
                        .formatted(PROPERTY, TableName.printable(text)));
    }
}
