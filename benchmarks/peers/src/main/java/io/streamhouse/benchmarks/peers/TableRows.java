package io.streamhouse.benchmarks.peers;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** The rows of the table that is harmed: three commits of 40 rows each, and one that deletes every seventh. */
final class TableRows {
    static final List<List<PeerRow>> INSERTS = List.of(rows(0, 40), rows(40, 80), rows(80, 120));
    static final List<PeerRow> DELETES =
            all().filter(r -> Math.floorMod(number(r), 7) == 3).toList();

    private TableRows() {}

    private static List<PeerRow> rows(int from, int to) {
        return IntStream.range(from, to).mapToObj(i -> PeerRow.of("k" + i)).toList();
    }

    private static int number(PeerRow row) {
        return Integer.parseInt(row.id().substring(1));
    }

    private static Stream<PeerRow> all() {
        return INSERTS.stream().flatMap(List::stream);
    }

    /** The right answer. */
    static String answer() {
        List<String> left = new ArrayList<>();
        all().filter(r -> !DELETES.contains(r)).forEach(r -> left.add(r.text()));
        return Answer.of(left);
    }
}
