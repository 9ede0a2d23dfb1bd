package io.streamhouse.testkit.simulation.damage;

import io.streamhouse.storage.ObjectStore;
import io.streamhouse.testkit.simulation.damage.Examiner.Outcome;
import io.streamhouse.testkit.simulation.damage.Examiner.Verdict;
import io.streamhouse.testkit.simulation.damage.Subject.Kind;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.random.RandomGenerator;

/** Kinds of files by outcomes: harms one object after another and asks every query that opens it. */
final class CorruptionMatrix {
    static final Duration PATIENCE = Duration.ofSeconds(10);
    private static final int MAX_SHOWN = 30;

    private final RandomGenerator random;
    private final EnumMap<Kind, long[]> counts = new EnumMap<>(Kind.class);
    private final List<String> wrongs = new ArrayList<>();

    /** What harmed bytes are turned into before they are read; a fault of the reader is played by it. */
    interface Disguise {
        byte[] of(Subject subject, byte[] harmed);
    }

    CorruptionMatrix(RandomGenerator random) {
        this.random = random;
    }

    /** What an unharmed table gives: the answer, and what it takes. */
    private record Usual(Object answer, LayeredObjectStore store, long bytes) {}

    void run(Exhibit exhibit, Harm.Scale scale) throws IOException {
        run(exhibit, scale, exhibit.subjects(), (subject, harmed) -> harmed);
    }

    void run(Exhibit exhibit, Harm.Scale scale, List<Subject> subjects, Disguise disguise) throws IOException {
        ObjectStore whole = exhibit.table().bytes;
        try (Examiner examiner = new Examiner(PATIENCE)) {
            Map<Query, Usual> usual = new HashMap<>();
            for (Query query : exhibit.queries()) {
                LayeredObjectStore store = new LayeredObjectStore(whole);
                Object answer = examiner.answer(query, store);
                usual.put(query, new Usual(answer, store, examiner.allocated()));
            }
            EnumMap<Kind, Integer> files = new EnumMap<>(Kind.class);
            List<Subject> newestFirst = new ArrayList<>(subjects);
            Collections.reverse(newestFirst);
            for (Subject subject : newestFirst) {
                List<Query> asked = exhibit.queries().stream()
                        .filter(q -> usual.get(q).store.hasOpened(subject))
                        .toList();
                if (asked.isEmpty() || files.merge(subject.kind(), 1, Integer::sum) > scale.files()) {
                    continue;
                }
                byte[] bytes = whole.read(subject.path());
                for (Harm harm : harms(exhibit, scale, subject, bytes)) {
                    byte[] harmed = disguise.of(subject, harm.apply().apply(bytes.clone()));
                    for (Query query : asked) {
                        Usual u = usual.get(query);
                        Verdict v = examiner.examine(query, whole, subject, harmed, u.answer, u.bytes);
                        count(subject.kind(), v.outcome());
                        if (v.outcome().isWrong() && wrongs.size() < MAX_SHOWN) {
                            wrongs.add("%s, %s, %s, %s: %s, %s"
                                    .formatted(
                                            exhibit.name(),
                                            subject.path(),
                                            harm.what(),
                                            query.name(),
                                            v.outcome(),
                                            v.detail()));
                        }
                    }
                }
            }
        }
    }

    private List<Harm> harms(Exhibit exhibit, Harm.Scale scale, Subject subject, byte[] bytes) throws IOException {
        List<Harm> harms = new ArrayList<>(Harm.of(subject, bytes, scale, random));
        if (subject.whole()) {
            List<Subject> others = exhibit.subjects().stream()
                    .filter(o ->
                            o.kind() == subject.kind() && o.whole() && !o.path().equals(subject.path()))
                    .limit(scale.files())
                    .toList();
            for (Subject other : others) {
                harms.add(Harm.swapped(other.path(), exhibit.table().bytes.read(other.path())));
            }
        }
        if (subject.kind() == Kind.SCHEMA) {
            harms.add(Harm.swapped("that of another table", exhibit.twin().read(subject.path())));
        }
        return harms;
    }

    private void count(Kind kind, Outcome outcome) {
        counts.computeIfAbsent(kind, k -> new long[Outcome.values().length])[outcome.ordinal()]++;
    }

    Set<Kind> kinds() {
        return counts.keySet();
    }

    long cases() {
        return counts.values().stream().flatMapToLong(java.util.Arrays::stream).sum();
    }

    long count(Kind kind, boolean wrong) {
        long sum = 0;
        for (Outcome outcome : Outcome.values()) {
            sum += outcome.isWrong() == wrong ? counts.get(kind)[outcome.ordinal()] : 0;
        }
        return sum;
    }

    long wrong() {
        return counts.keySet().stream().mapToLong(kind -> count(kind, true)).sum();
    }

    long refused(Kind kind) {
        return counts.get(kind)[Outcome.REFUSED.ordinal()];
    }

    /** What is wrong, in words; the first of each table. */
    List<String> wrongs() {
        return wrongs;
    }

    /** The table of kinds and outcomes. */
    String report() {
        StringBuilder out = new StringBuilder("%-16s %9s %9s %9s%n".formatted("kind", "right", "refused", "wrong"));
        counts.forEach((kind, c) -> out.append("%-16s %9d %9d %9d%n"
                .formatted(
                        kind.name().toLowerCase(java.util.Locale.ROOT).replace('_', ' '),
                        c[Outcome.RIGHT.ordinal()],
                        c[Outcome.REFUSED.ordinal()],
                        count(kind, true))));
        return out.toString();
    }
}
