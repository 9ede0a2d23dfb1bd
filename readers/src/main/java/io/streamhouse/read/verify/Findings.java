package io.streamhouse.read.verify;

import io.streamhouse.spec.ErrorCode;
import io.streamhouse.spec.StreamhouseException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Gathers what is wrong, each thing once. One thread. */
final class Findings {
    private final Map<String, Found> found = new LinkedHashMap<>();

    private record Found(FindingKind kind, String object, long snapshot, String problem) {}

    /** A look at something that may be missing or damaged. */
    interface Look<T> {
        T at() throws IOException;
    }

    void add(FindingKind kind, String object, long snapshot, String problem) {
        found.putIfAbsent(object + "\n" + problem, new Found(kind, object, snapshot, problem));
    }

    boolean isEmpty() {
        return found.isEmpty();
    }

    int size() {
        return found.size();
    }

    /**
     * Looks at an object; what is wrong with it becomes a finding, and the answer is empty. A store that does not answer is
     * no finding.
     */
    <T> Optional<T> at(String object, long snapshot, Look<T> look) throws IOException {
        try {
            return Optional.of(look.at());
        } catch (StreamhouseException e) {
            if (e.code() == ErrorCode.SNAPSHOT_EXPIRED
                    || e.code() == ErrorCode.NO_PERMISSION
                    || e.code() == ErrorCode.BAD_OPTION_VALUE) {
                throw e; // it went meanwhile, or this process may not or cannot read it
            }
            boolean missing = e.code() == ErrorCode.MISSING_FILE;
            String problem = e.getMessage().substring(e.code().name().length() + 2);
            add(missing ? FindingKind.MISSING : FindingKind.DAMAGED, object, snapshot, problem);
            return Optional.empty();
        } catch (IllegalArgumentException e) {
            // a record that is well-formed and impossible
            add(FindingKind.WRONG_RECORD, object, snapshot, e.getMessage());
            return Optional.empty();
        }
    }

    /** All findings with what can be done, given the first snapshot that was verified. */
    List<Finding> list(long first) {
        long bad = found.values().stream().mapToLong(Found::snapshot).min().orElse(Long.MAX_VALUE);
        String back = bad > first && bad != Long.MAX_VALUE
                ? "roll back to snapshot %d, the newest before all that is wrong".formatted(bad - 1)
                : "there is no older snapshot to roll back to among those that were verified";
        List<Finding> out = new ArrayList<>();
        for (Found f : found.values()) {
            String advice =
                    switch (f.kind) {
                        case MISSING, DAMAGED ->
                            "restore %s as it was, from a backup or the store's older versions; else %s"
                                    .formatted(f.object, back);
                        case KEY_TWICE ->
                            "delete the key and write its right row again; else " + back
                                    + "; then keep a copy and report it";
                        case WRONG_RECORD, MISPLACED, BAD_MASK, CHANGELOG ->
                            "its checksum is right, so it was written so: keep a copy and report it; " + back;
                    };
            out.add(new Finding(f.kind, f.object, f.snapshot, f.problem, advice));
        }
        out.sort(Comparator.comparingLong(Finding::snapshot));
        return out;
    }
}
