package io.streamhouse.lake;

import io.streamhouse.lake.KeyReader.KeyAppender;
import io.streamhouse.spec.key.KeyColumn;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Where each key of one bucket stands: a short list of sorted runs, newest first, merged so that each is at least twice
 * the size of the next newer one; hundreds of small files so cost a handful of probes. One thread.
 *
 * <p>Entries may be stale (their position masked or their file gone): {@link Visibility} decides. At most one position
 * of a key is visible, so the first visible hit is the only one; where two runs hold one key, a merge keeps the newer
 * entry, which is right because an entry that becomes visible again (ROLLBACK) is added anew.
 */
final class BucketIndex {
    /** Newest first. */
    private final List<KeyRun> runs = new ArrayList<>();

    /** Which entries still stand. */
    interface Visibility {
        boolean visible(int file, int position);
    }

    /** Adds the entries of a newer file. */
    void add(KeyRun run, Visibility visibility) {
        if (run.size() == 0) {
            return;
        }
        runs.add(0, run);
        while (runs.size() > 1 && runs.get(1).size() < 2L * runs.get(0).size()) {
            KeyRun merged = merge(runs.get(0), runs.get(1), visibility);
            runs.remove(0);
            runs.set(0, merged);
        }
    }

    /**
     * Finds the visible positions of ascending distinct keys {@code [from, to)}.
     *
     * @param outFiles gets the file ordinal of key i at {@code outAt + i - from}, -1 if none
     * @param outPositions gets the position
     */
    void find(KeyColumn keys, int from, int to, Visibility visibility, int[] outFiles, int[] outPositions, int outAt) {
        Arrays.fill(outFiles, outAt, outAt + to - from, -1);
        for (KeyRun run : runs) {
            probe(run, keys, from, to, visibility, outFiles, outPositions, outAt);
        }
    }

    private static void probe(
            KeyRun run,
            KeyColumn keys,
            int from,
            int to,
            Visibility visibility,
            int[] outFiles,
            int[] outPositions,
            int outAt) {
        int size = run.size();
        int at = 0;
        for (int i = from; i < to && at < size; i++) {
            int out = outAt + i - from;
            if (outFiles[out] >= 0) {
                continue;
            }
            at = run.keys().gallop(at, size, keys, i);
            if (at < size
                    && run.keys().compare(at, keys, i) == 0
                    && visibility.visible(run.files()[at], run.positions()[at])) {
                outFiles[out] = run.files()[at];
                outPositions[out] = run.positions()[at];
            }
        }
    }

    private static KeyRun merge(KeyRun newer, KeyRun older, Visibility visibility) {
        KeyAppender keys = new KeyAppender(newer.keys().words(), newer.size() + older.size());
        int[] files = new int[newer.size() + older.size()];
        int[] positions = new int[files.length];
        int n = 0;
        int i = 0;
        int j = 0;
        while (i < newer.size() || j < older.size()) {
            int c = i == newer.size()
                    ? 1
                    : j == older.size() ? -1 : newer.keys().compare(i, older.keys(), j);
            boolean fromNewer = c <= 0;
            KeyRun run = fromNewer ? newer : older;
            int at = fromNewer ? i : j;
            // a stale newer entry must not hide a visible older one
            boolean stands = visibility.visible(run.files()[at], run.positions()[at]);
            if (stands) {
                keys.append(run.keys(), at, at + 1);
                files[n] = run.files()[at];
                positions[n++] = run.positions()[at];
            }
            if (fromNewer) {
                i++;
                if (c == 0 && stands) {
                    j++;
                }
            } else {
                j++;
            }
        }
        return new KeyRun(keys.build(), Arrays.copyOf(files, n), Arrays.copyOf(positions, n));
    }

    /**
     * Drops what is stale and renumbers the files.
     *
     * @param renumbered new ordinal by old one; those of files that have gone are not looked at
     */
    void prune(int[] renumbered, Visibility visibility) {
        for (int r = runs.size() - 1; r >= 0; r--) {
            KeyRun pruned = pruned(runs.get(r), renumbered, visibility);
            if (pruned.size() == 0) {
                runs.remove(r);
            } else {
                runs.set(r, pruned);
            }
        }
    }

    private static KeyRun pruned(KeyRun run, int[] renumbered, Visibility visibility) {
        int[] kept = new int[run.size()];
        int n = 0;
        for (int i = 0; i < kept.length; i++) {
            if (visibility.visible(run.files()[i], run.positions()[i])) {
                kept[n++] = i;
            }
        }
        int[] files = new int[n];
        int[] positions = new int[n];
        for (int i = 0; i < n; i++) {
            files[i] = renumbered[run.files()[kept[i]]];
            positions[i] = run.positions()[kept[i]];
        }
        return new KeyRun(n == kept.length ? run.keys() : run.keys().gather(kept, 0, n), files, positions);
    }

    int entryCount() {
        return runs.stream().mapToInt(KeyRun::size).sum();
    }

    int runCount() {
        return runs.size();
    }
}
