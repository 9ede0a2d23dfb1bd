package io.streamhouse.read.verify;

import io.streamhouse.spec.ErrorCode;
import io.streamhouse.spec.StreamhouseException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Gathers what is wrong, each thing once. One thread. */
final class Findings {
    /** Where an error names the object that it is about, below the table's root or below the store's. */
    private static final Pattern OBJECT =
            Pattern.compile("\\(object=(?:[^)]*/)?((?:data|manifest|mask|snapshot|schema|boundary)/[^)/]+)\\)");

    private final Map<String, Found> found = new LinkedHashMap<>();

    private final Map<String, Long> met = new HashMap<>();

    private record Found(FindingKind kind, String object, long snapshot, String problem) {}

    /** A look at something that may be missing or damaged. */
    interface Look<T> {
        T at() throws IOException;
    }

    /** An object is first named by a snapshot: if its bytes are wrong, it is wrong from there on. */
    void met(String object, long snapshot) {
        met.putIfAbsent(object, snapshot);
    }

    void add(FindingKind kind, String object, long snapshot, String problem) {
        boolean isBytes = kind == FindingKind.MISSING || kind == FindingKind.DAMAGED;
        long since = isBytes ? Math.min(snapshot, met.getOrDefault(object, snapshot)) : snapshot;
        found.putIfAbsent(object + "\n" + problem, new Found(kind, object, since, problem));
    }

    boolean isEmpty() {
        return found.isEmpty();
    }

    /**
     * Looks at an object; what is wrong with it becomes a finding, and the answer is empty. A store that does not answer is
     * no finding.
     *
     * @param object which one, where the error does not say it better
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
            FindingKind kind =
                    switch (e.code()) {
                        case MISSING_FILE -> FindingKind.MISSING;
                        case UNKNOWN_VERSION -> FindingKind.NEWER;
                        default -> FindingKind.DAMAGED;
                    };
            String problem = e.getMessage().substring(e.code().name().length() + 2);
            Matcher named = OBJECT.matcher(problem);
            String which = named.find() ? named.group(1) : object;
            add(kind, which, snapshot, problem);
            return Optional.empty();
        } catch (IllegalArgumentException e) {
            // a record that is well-formed and impossible
            add(FindingKind.WRONG_RECORD, object, snapshot, e.getMessage());
            return Optional.empty();
        }
    }

    /** All findings with what can be done, given the first snapshot that was verified. */
    List<Finding> list(long first) {
        long bad = found.values().stream()
                .filter(f -> f.kind != FindingKind.NEWER)
                .mapToLong(Found::snapshot)
                .min()
                .orElse(Long.MAX_VALUE);
        String back = bad > first && bad != Long.MAX_VALUE
                ? "roll back to snapshot %d, the newest before all that is wrong".formatted(bad - 1)
                : "there is no older snapshot to roll back to among those that were verified";
        List<Finding> out = new ArrayList<>();
        for (Found f : found.values()) {
            String advice =
                    switch (f.kind) {
                        case MISSING, DAMAGED ->
                            f.object.startsWith("consumers/")
                                    ? "delete %s: no row depends on it, but expire and clean stop at it; a job that still holds it begins anew if what it kept expires"
                                            .formatted(f.object)
                                    : "restore %s as it was, from a backup or the store's older versions; else %s"
                                            .formatted(f.object, back);
                        case NEWER ->
                            "nothing is damaged and nothing has to be restored: a newer version of Streamhouse wrote %s; upgrade this one, then verify again"
                                    .formatted(f.object);
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
