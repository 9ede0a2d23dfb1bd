package io.streamhouse.catalog;

import java.util.regex.Pattern;

/** What an object is that nothing may name any more: told by its path alone. Any other path is somebody else's. */
public enum OrphanKind {
    /** A data file of a writer or a compaction that never published it. */
    DATA("data", "data/" + OrphanKind.UUID + "\\.(?:parquet|orc)"),
    MANIFEST("manifest", "manifest/" + OrphanKind.UUID + "\\.parquet"),
    /** Masks, delete blocks and position maps. */
    MASK("mask", "mask/" + OrphanKind.UUID),
    /** A record that a stalled publisher has put beside the chain. */
    SNAPSHOT("snapshot", "snapshot/0[0-9]{19}\\.json"),
    /** What is left of the test for a commit primitive. */
    PROBE("probe", "probe/" + OrphanKind.UUID),
    /** What a lease has left behind that was given back or has ended. */
    LEASE("consumers", ""),
    /** An object that was begun and never finished. */
    TEMPORARY("", "");

    private static final String UUID = "[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}";

    private final String directory;
    private final Pattern path;

    OrphanKind(String directory, String path) {
        this.directory = directory;
        this.path = Pattern.compile(path);
    }

    /** Where such objects stand. */
    String directory() {
        return directory;
    }

    /** Whether a snapshot may come to name what is none's yet. */
    boolean isPublished() {
        return this == DATA || this == MANIFEST || this == MASK;
    }

    boolean matches(String object) {
        return path.matcher(object).matches();
    }
}
