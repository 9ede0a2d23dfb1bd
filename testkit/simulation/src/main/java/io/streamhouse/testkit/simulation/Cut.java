package io.streamhouse.testkit.simulation;

import java.util.Locale;

/** A way to make the settings of a history smaller. */
enum Cut {
    ONE_JOB,
    NO_COMPACTOR,
    NO_INLINE_COMPACTION,
    NO_EXPIRER,
    NO_CHANGER,
    ONE_WRITER,
    FEW_KEYS,
    ONE_ROW,
    NO_RESTART,
    OWN_CATALOGS;

    /** The name as it stands in a command. */
    String word() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    static Cut of(String word) {
        return valueOf(word.toUpperCase(Locale.ROOT).replace('-', '_'));
    }
}
