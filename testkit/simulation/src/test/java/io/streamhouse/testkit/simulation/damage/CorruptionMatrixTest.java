package io.streamhouse.testkit.simulation.damage;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.streamhouse.spec.StreamhouseException;
import io.streamhouse.spec.codec.Checksums;
import io.streamhouse.spec.table.FileFormat;
import io.streamhouse.storage.ObjectStore;
import io.streamhouse.testkit.Seeds;
import io.streamhouse.testkit.simulation.damage.Examiner.Outcome;
import io.streamhouse.testkit.simulation.damage.Subject.Kind;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Whatever harm a file has taken, a query gives the right answer or an error that names the file. */
class CorruptionMatrixTest {
    /** Harms of the small tables, and of the wide one, whose queries take longer. */
    private static void check(Harm.Scale small, Harm.Scale wide) throws IOException {
        CorruptionMatrix matrix = new CorruptionMatrix(Seeds.random(Seeds.of("corruption-matrix")));
        matrix.run(Exhibit.small(FileFormat.PARQUET), small);
        matrix.run(Exhibit.small(FileFormat.ORC), small);
        matrix.run(Exhibit.wide(), wide);
        System.out.println(matrix.cases() + " cases\n" + matrix.report());
        assertEquals(0, matrix.wrong(), () -> String.join("\n", matrix.wrongs()));
        assertEquals(EnumSet.allOf(Kind.class), matrix.kinds());
        for (Kind kind : matrix.kinds()) {
            // a hint decides nothing
            assertTrue(kind == Kind.HINT || matrix.refused(kind) > 0, kind + " was never refused");
        }
    }

    @Test
    void aSampleOfHarmsIsAnsweredRightOrRefused() throws IOException {
        check(new Harm.Scale(false, 10, 2), new Harm.Scale(false, 2, 1));
    }

    @Test
    @Tag("full")
    void everyHarmIsAnsweredRightOrRefused() throws IOException {
        check(new Harm.Scale(true, 400, 4), new Harm.Scale(false, 120, 2));
    }

    @Test
    void anExaminerSeesWhatIsWrong() throws IOException {
        Exhibit exhibit = Exhibit.small(FileFormat.PARQUET);
        Subject subject = exhibit.subjects().get(0);
        Map<Query.Ask, Outcome> planted = Map.of(
                store -> "another",
                Outcome.WRONG_ANSWER,
                store -> {
                    throw new IllegalStateException("untyped");
                },
                Outcome.UNTYPED_ERROR,
                store -> {
                    throw StreamhouseException.corrupt("some/other", "unnamed");
                },
                Outcome.UNNAMED_FILE,
                store -> new byte[(int) Examiner.EXTRA_BYTES + 1].length > 0 ? "right" : "never",
                Outcome.TOO_MUCH_MEMORY,
                store -> {
                    for (long i = 0; !Thread.currentThread().isInterrupted(); i++) {
                        Math.sqrt(i);
                    }
                    return "right";
                },
                Outcome.HANG);
        for (Map.Entry<Query.Ask, Outcome> plant : planted.entrySet()) {
            try (Examiner examiner = new Examiner(Duration.ofMillis(100))) {
                Query query = new Query("planted", plant.getKey());
                byte[] bytes = {1};
                assertEquals(
                        plant.getValue(),
                        examiner.examine(query, exhibit.table().bytes, subject, bytes, "right", 0)
                                .outcome());
            }
        }
    }

    /** The schema as a reader takes it that does not ask which table it is of. */
    private static byte[] claimed(Exhibit exhibit, Subject subject, byte[] harmed) throws IOException {
        String own = new String(exhibit.table().bytes.read(subject.path()), StandardCharsets.UTF_8);
        Matcher table = Pattern.compile("\"table\":\"[^\"]*\"").matcher(own);
        assertTrue(table.find(), own);
        String text = new String(harmed, StandardCharsets.UTF_8);
        return confirmed(
                subject,
                text.replaceFirst("\"table\":\"[^\"]*\"", table.group()).getBytes(StandardCharsets.UTF_8));
    }

    @Test
    void aReaderThatDoesNotAskForTheTableIsCaught() throws IOException {
        Exhibit exhibit = Exhibit.small(FileFormat.PARQUET);
        Subject newest = exhibit.subjects().stream()
                .filter(s -> s.kind() == Kind.SCHEMA && s.path().endsWith("/1.json"))
                .findFirst()
                .orElseThrow();
        byte[] twin = exhibit.twin().read(newest.path());
        byte[] claimed = claimed(exhibit, newest, twin);
        Query scan = exhibit.queries().get(0);
        try (Examiner examiner = new Examiner(CorruptionMatrix.PATIENCE)) {
            ObjectStore bytes = exhibit.table().bytes;
            Object answer = examiner.answer(scan, new LayeredObjectStore(bytes));
            long usual = examiner.allocated();
            assertEquals(
                    Outcome.REFUSED,
                    examiner.examine(scan, bytes, newest, twin, answer, usual).outcome());
            Examiner.Verdict believed = examiner.examine(scan, bytes, newest, claimed, answer, usual);
            assertEquals(Outcome.WRONG_ANSWER, believed.outcome(), believed::detail);
        }
    }

    /** A snapshot whose second line fits whatever its first one says, as a reader without checksums takes it. */
    private static byte[] confirmed(Subject subject, byte[] harmed) {
        int end = 0;
        while (end < harmed.length && harmed[end] != '\n') {
            end++;
        }
        byte[] line = java.util.Arrays.copyOf(harmed, end);
        String trailer =
                "\n{\"length\":%d,\"crc32c\":\"%s\"}\n".formatted(end, Checksums.hex(Checksums.crc32c(line, 0, end)));
        java.io.ByteArrayOutputStream out = new java.io.ByteArrayOutputStream();
        out.writeBytes(line);
        out.writeBytes(trailer.getBytes(StandardCharsets.US_ASCII));
        return out.toByteArray();
    }

    @Test
    void aReaderThatChecksNoSnapshotIsCaught() throws IOException {
        Exhibit exhibit = Exhibit.small(FileFormat.PARQUET);
        List<Subject> snapshots = exhibit.subjects().stream()
                .filter(s -> s.kind() == Kind.SNAPSHOT)
                .toList();
        CorruptionMatrix matrix = new CorruptionMatrix(Seeds.random(1));
        matrix.run(exhibit, new Harm.Scale(false, 60, 2), snapshots, CorruptionMatrixTest::confirmed);
        assertTrue(matrix.wrong() > 0, matrix.report());
    }
}
