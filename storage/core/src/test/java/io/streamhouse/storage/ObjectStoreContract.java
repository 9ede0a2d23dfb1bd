package io.streamhouse.storage;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.streamhouse.spec.ErrorCode;
import io.streamhouse.spec.StreamhouseException;
import io.streamhouse.spec.codec.Checksums;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What every object store has to do; a store's own test extends this class. */
public abstract class ObjectStoreContract {
    private ObjectStore store;

    /** A new, empty store. */
    protected abstract ObjectStore open() throws IOException;

    /** Rounds of each race; a store that syncs to a disk may say fewer. */
    protected int raceRounds() {
        return 300;
    }

    /** Few if there are many repetitions. */
    private int rounds() {
        return Repetitions.count() == 1 ? raceRounds() : Math.max(3, raceRounds() / 10);
    }

    /** False if this process cannot name files in any script. */
    protected boolean namesAnyScript() {
        return true;
    }

    @BeforeEach
    void openStore() throws IOException {
        store = open();
    }

    @AfterEach
    void closeStore() throws IOException {
        store.close();
    }

    @Test
    void aPutObjectReadsBackWhole() throws IOException {
        byte[] content = bytes("content");
        store.put("a/b/c", content);
        assertArrayEquals(content, store.read("a/b/c"));
        assertEquals(content.length, store.size("a/b/c"));
    }

    @Test
    void makingADirectoryLastChangesNothingInIt() throws IOException {
        store.put("a/b/c", bytes("content"));
        for (String directory : List.of("", "a", "a/b", "a/missing", "missing")) {
            store.makeLasting(directory);
        }
        assertEquals(List.of("a/b/c"), paths(""));
        assertArrayEquals(bytes("content"), store.read("a/b/c"));
        assertEquals(List.of("a"), store.listDirectories(""));
    }

    @Test
    void anEmptyObjectIsAnObject() throws IOException {
        store.put("empty", new byte[0]);
        assertEquals(0, store.size("empty"));
        assertEquals(0, store.read("empty").length);
        assertEquals(0, store.read("empty", 0, 0).length);
        assertEquals(List.of("empty"), paths(""));
    }

    @Test
    void aLargeObjectReadsBackWhole() throws IOException {
        byte[] content = new byte[3_000_017];
        new SplittableRandom(1).nextBytes(content);
        store.put("large", content);
        assertArrayEquals(content, store.read("large"));
        assertArrayEquals(Arrays.copyOfRange(content, 17, 2_900_000), store.read("large", 17, 2_900_000 - 17));
    }

    @Test
    void theCallersArraysStayTheCallers() throws IOException {
        byte[] content = bytes("before");
        store.put("put", content);
        store.putIfAbsent("putIfAbsent", content);
        try (ObjectOutput output = store.create("created")) {
            output.write(content, 0, content.length);
            Arrays.fill(content, (byte) 'x');
            output.commit();
        }
        Arrays.fill(store.read("put"), (byte) 'y');
        for (String path : List.of("put", "putIfAbsent", "created")) {
            assertArrayEquals(bytes("before"), store.read(path), path);
        }
    }

    @Test
    void aPutReplacesTheObject() throws IOException {
        store.put("a", bytes("first and longer"));
        store.put("a", bytes("second"));
        assertArrayEquals(bytes("second"), store.read("a"));
        assertEquals(List.of("a"), paths(""));
    }

    @Test
    void aRangeIsReadExactly() throws IOException {
        store.put("a", bytes("0123456789"));
        assertArrayEquals(bytes("345"), store.read("a", 3, 3));
        assertArrayEquals(bytes("0123456789"), store.read("a", 0, 10));
        assertArrayEquals(bytes("9"), store.read("a", 9, 1));
        assertEquals(0, store.read("a", 10, 0).length);
    }

    @Test
    void aRangeBehindTheEndIsATruncatedFile() throws IOException {
        store.put("dir/a", bytes("0123456789"));
        for (Executable read : List.<Executable>of(
                () -> store.read("dir/a", 0, 11),
                () -> store.read("dir/a", 10, 1),
                () -> store.read("dir/a", 11, 0),
                () -> store.read("dir/a", Long.MAX_VALUE, 1),
                () -> store.read("dir/a", Long.MAX_VALUE, Integer.MAX_VALUE),
                () -> store.read("dir/a", 5, Integer.MAX_VALUE))) {
            assertCode(ErrorCode.CORRUPT_FILE, "dir/a", read);
        }
    }

    @Test
    void checkedRangesComeInTheOrderAskedForOrNotAtAll() throws IOException {
        byte[] content = new byte[2_000_000];
        new SplittableRandom(2).nextBytes(content);
        store.put("dir/a", content);
        List<CheckedRange> ranges = new ArrayList<>();
        for (int offset : new int[] {1_900_000, 17, 0, 1_000_000, 1_000_100}) {
            ranges.add(new CheckedRange(offset, 100, Checksums.crc32c(content, offset, 100)));
        }
        List<byte[]> found = store.readChecked("dir/a", ranges);
        for (int i = 0; i < ranges.size(); i++) {
            int offset = (int) ranges.get(i).offset();
            assertArrayEquals(Arrays.copyOfRange(content, offset, offset + 100), found.get(i));
        }
        ranges.set(2, new CheckedRange(0, 100, ranges.get(2).crc32c() ^ 1));
        assertCode(ErrorCode.CORRUPT_FILE, "dir/a", () -> store.readChecked("dir/a", ranges));
        ranges.set(2, new CheckedRange(content.length - 50, 100, 0));
        assertCode(ErrorCode.CORRUPT_FILE, "dir/a", () -> store.readChecked("dir/a", ranges));
    }

    @Test
    void aNegativeRangeIsMisuse() throws IOException {
        store.put("a", bytes("0123456789"));
        assertThrows(IllegalArgumentException.class, () -> store.read("a", -1, 1));
        assertThrows(IllegalArgumentException.class, () -> store.read("a", 1, -1));
    }

    @Test
    void aMissingObjectIsNamed() throws IOException {
        store.put("dir/other", bytes("x"));
        for (String path : List.of("missing", "dir/missing", "no/such/dir/missing", "dir", "dir/other/below")) {
            assertCode(ErrorCode.MISSING_FILE, path, () -> store.read(path));
            assertCode(ErrorCode.MISSING_FILE, path, () -> store.read(path, 0, 1));
            assertEquals(-1, store.size(path), path);
            assertFalse(store.delete(path), path);
        }
        assertArrayEquals(bytes("x"), store.read("dir/other"));
    }

    @Test
    void putIfAbsentCreatesOnceAndThenFindsTheObject() throws IOException {
        assertEquals(PutOutcome.CREATED, store.putIfAbsent("snapshot/1", bytes("first")));
        assertEquals(PutOutcome.EXISTED, store.putIfAbsent("snapshot/1", bytes("second")));
        assertArrayEquals(bytes("first"), store.read("snapshot/1"));
        assertEquals(List.of("snapshot/1"), paths("snapshot"));
    }

    @Test
    void putIfAbsentFindsAnObjectOfAnyOrigin() throws IOException {
        store.put("put", bytes("put"));
        create("created", "created");
        for (String path : List.of("put", "created")) {
            assertEquals(PutOutcome.EXISTED, store.putIfAbsent(path, bytes("other")));
            assertArrayEquals(bytes(path), store.read(path));
        }
    }

    @Test
    void putIfAbsentOfTheSameBytesIsNoWin() throws IOException {
        assertEquals(PutOutcome.CREATED, store.putIfAbsent("a", bytes("same")));
        assertEquals(PutOutcome.EXISTED, store.putIfAbsent("a", bytes("same")));
    }

    @Test
    void aDeletedNameIsFreeAgain() throws IOException {
        store.putIfAbsent("a", bytes("first"));
        assertTrue(store.delete("a"));
        assertFalse(store.delete("a"));
        assertEquals(-1, store.size("a"));
        assertEquals(PutOutcome.CREATED, store.putIfAbsent("a", bytes("second")));
        assertArrayEquals(bytes("second"), store.read("a"));
    }

    @Test
    void aStreamedObjectAppearsAtCommit() throws IOException {
        try (ObjectOutput output = store.create("data/1")) {
            output.write(bytes("xxhello"), 2, 5);
            assertEquals(5, output.position());
            output.write(bytes(" world"), 0, 6);
            assertEquals(11, output.position());
            assertEquals(-1, store.size("data/1"));
            assertEquals(List.of(), paths(""));
            output.commit();
            assertArrayEquals(bytes("hello world"), store.read("data/1"));
        }
        assertArrayEquals(bytes("hello world"), store.read("data/1"));
    }

    @Test
    void aStreamedObjectReplacesAnOlderOneWhole() throws IOException {
        store.put("a", bytes("an older and longer object"));
        try (ObjectOutput output = store.create("a")) {
            output.write(bytes("new"), 0, 3);
            assertArrayEquals(bytes("an older and longer object"), store.read("a"));
            output.commit();
        }
        assertArrayEquals(bytes("new"), store.read("a"));
    }

    @Test
    void aStreamWithoutCommitLeavesNothing() throws IOException {
        store.put("kept", bytes("kept"));
        try (ObjectOutput output = store.create("data/1")) {
            output.write(bytes("lost"), 0, 4);
        }
        try (ObjectOutput output = store.create("kept")) {
            output.write(bytes("lost"), 0, 4);
        }
        assertEquals(List.of("kept"), paths(""));
        assertArrayEquals(bytes("kept"), store.read("kept"));
        assertEquals(-1, store.size("data/1"));
    }

    @Test
    void aStreamIsUsedOnce() throws IOException {
        ObjectOutput output = store.create("a");
        output.write(bytes("a"), 0, 1);
        output.commit();
        assertThrows(IllegalStateException.class, output::commit);
        assertThrows(IllegalStateException.class, () -> output.write(bytes("b"), 0, 1));
        output.close();
        output.close();
        assertArrayEquals(bytes("a"), store.read("a"));
    }

    @Test
    void streamsBesideEachOtherDoNotMix() throws IOException {
        try (ObjectOutput one = store.create("dir/same");
                ObjectOutput other = store.create("dir/same")) {
            for (int i = 0; i < 100; i++) {
                one.write(bytes("1"), 0, 1);
                other.write(bytes("2"), 0, 1);
            }
            other.commit();
            one.commit();
        }
        assertArrayEquals(bytes("1".repeat(100)), store.read("dir/same"));
        assertEquals(List.of("dir/same"), paths(""));
    }

    @Test
    void aListingHoldsWhatIsBelowTheDirectoryAtAnyDepth() throws IOException {
        for (String path : List.of("t/data/b", "t/data/a/x", "t/data-2/c", "t/data.txt", "t/data0", "u/data/d")) {
            store.put(path, bytes(path));
        }
        assertEquals(List.of("t/data/a/x", "t/data/b"), paths("t/data"));
        assertEquals(List.of("u/data/d"), paths("u"));
        assertEquals(6, paths("").size());
        assertEquals(List.of(), paths("t/da"));
        assertEquals(List.of(), paths("missing/directory"));
        assertEquals(List.of(), paths("t/data.txt"));
    }

    @Test
    void aListingAscendsByPath() throws IOException {
        TreeSet<String> expected = new TreeSet<>();
        SplittableRandom random = new SplittableRandom(7);
        for (int i = 0; i < 200; i++) {
            String path = "d/" + "aZ0-_~ b.".charAt(random.nextInt(7)) + "/" + random.nextInt(1000);
            expected.add(path);
            store.put(path, new byte[0]);
        }
        assertEquals(List.copyOf(expected), paths("d"));
    }

    @Test
    void aListingKnowsSizeAndTime() throws IOException {
        store.put("dir/a", bytes("12345"));
        ObjectInfo first = store.list("dir").get(0);
        assertEquals("dir/a", first.path());
        assertEquals(5, first.sizeBytes());
        store.put("dir/a", bytes("1234567"));
        ObjectInfo second = store.list("dir").get(0);
        assertEquals(7, second.sizeBytes());
        assertTrue(second.modifiedMillis() >= first.modifiedMillis(), first + " " + second);
    }

    @Test
    void whatBeginsWithADotIsNeverListed() throws IOException {
        for (String path : List.of("dir/.hidden", "dir/.hidden-directory/a", ".tmp-1", "dir/visible", "dir/x.y")) {
            store.put(path, bytes(path));
        }
        assertEquals(List.of("dir/visible", "dir/x.y"), paths(""));
        assertEquals(List.of(), paths("dir/.hidden-directory"));
        assertEquals(List.of(), store.listDirectories("dir"));
        assertEquals(List.of(), store.listDirectories("dir/.hidden-directory"));
        assertArrayEquals(bytes("dir/.hidden"), store.read("dir/.hidden"));
    }

    @Test
    void directoriesAreListedByName() throws IOException {
        for (String path : List.of("b/1", "a/x/1", "a/y", "c", "b/z/z/1")) {
            store.put(path, bytes(path));
        }
        assertEquals(List.of("a", "b"), store.listDirectories(""));
        assertEquals(List.of("x"), store.listDirectories("a"));
        assertEquals(List.of("z"), store.listDirectories("b/z"));
        assertEquals(List.of(), store.listDirectories("missing"));
        assertEquals(List.of(), store.listDirectories("c"));
    }

    @Test
    void aDeletedDirectoryIsGoneWithAllBelowItAndNothingElse() throws IOException {
        for (String path : List.of("t/a", "t/b/c", "t/b/.hidden", "t2/a", "t.a")) {
            store.put(path, bytes(path));
        }
        store.deleteDirectory("t");
        assertEquals(List.of("t.a", "t2/a"), paths(""));
        assertEquals(-1, store.size("t/b/.hidden"));
        assertEquals(List.of("t2"), store.listDirectories(""));
        store.deleteDirectory("t");
        store.deleteDirectory("never/there");
        store.put("t/b/again", bytes("again"));
        assertEquals(PutOutcome.CREATED, store.putIfAbsent("t/b/c", bytes("again")));
        assertEquals(List.of("t/b/again", "t/b/c"), paths("t"));
    }

    @Test
    void theRootIsNeverDeleted() throws IOException {
        store.put("a", bytes("a"));
        assertThrows(IllegalArgumentException.class, () -> store.deleteDirectory(""));
        assertEquals(List.of("a"), paths(""));
    }

    @Test
    void namesAreOfAnyScriptAndKeepTheirCase() throws IOException {
        assumeTrue(namesAnyScript());
        TreeMap<String, String> expected = new TreeMap<>();
        for (String name :
                List.of("größe", "订单", "данные", "𝔘𝔫𝔦", "with space", "a=b%2Fc", "semi;colon'\"", "k\\l")) {
            expected.put("dir-" + name + "/" + name, name);
        }
        for (var entry : expected.entrySet()) {
            assertEquals(PutOutcome.CREATED, store.putIfAbsent(entry.getKey(), bytes(entry.getValue())));
        }
        assertEquals(List.copyOf(expected.keySet()), paths(""));
        for (var entry : expected.entrySet()) {
            assertArrayEquals(bytes(entry.getValue()), store.read(entry.getKey()));
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/",
                "/a",
                "a/",
                "a//b",
                ".",
                "..",
                "../a",
                "a/..",
                "a/../b",
                "a/./b",
                "./a",
                "a\0b",
                "a\nb",
                "a/\u007f",
                "a\u0085",
                "\ud800",
                "a/\udc00b",
                "//",
                "a/b/../../../etc/passwd",
                "\t"
            })
    void anIllegalPathIsRefusedByEveryMethod(String path) throws IOException {
        for (Executable call : callsOn(path)) {
            IllegalArgumentException e = assertThrows(IllegalArgumentException.class, call);
            assertTrue(e.getMessage().chars().noneMatch(Character::isISOControl), e.getMessage());
        }
        assertThrows(IllegalArgumentException.class, () -> store.list(path));
        assertThrows(IllegalArgumentException.class, () -> store.listDirectories(path));
        assertThrows(IllegalArgumentException.class, () -> store.deleteDirectory(path));
        assertEquals(List.of(), paths(""));
    }

    @Test
    void theEmptyPathIsNoObject() {
        for (Executable call : callsOn("")) {
            assertThrows(IllegalArgumentException.class, call);
        }
    }

    @Test
    void aNameOfTheGreatestLengthIsLegalAndALongerOneABadName() throws IOException {
        String component = "x".repeat(255);
        String path = String.join("/", component, component, component, component);
        store.put(component + "/" + component, bytes("long"));
        assertArrayEquals(bytes("long"), store.read(component + "/" + component));
        for (String longer : List.of(component + "x", "ä".repeat(128), "dir/" + "漢".repeat(86), path + "/y")) {
            assertCode(ErrorCode.BAD_NAME, longer.substring(0, 4), () -> store.put(longer, bytes("x")));
        }
    }

    @Test
    void theUriHasASchemeAndNoTrailingSlash() {
        assertTrue(store.uri().matches("[a-z0-9]+:.*[^/]"), store.uri());
    }

    @Racing
    void ofRacingPutsIfAbsentExactlyOneWins() throws Exception {
        PutRace.Result result = PutRace.run(store, "race", 16, rounds());
        assertEquals(rounds(), result.winners(), result.toString());
        assertEquals(0, result.wrong(), result.toString());
        assertEquals(16L * rounds() - rounds(), result.losers(), result.toString());
    }

    @Racing
    void anObjectThatIsReplacedIsNeverSeenInPart() throws Exception {
        for (PartialReads.Writing writing : PartialReads.Writing.values()) {
            assertEquals(
                    List.of(),
                    PartialReads.run(store, "replaced-" + writing, writing, rounds()),
                    () -> "by " + writing);
        }
    }

    /** Fails unless the call throws this code with a message that holds the text. */
    protected static void assertCode(ErrorCode code, String inMessage, Executable call) {
        StreamhouseException e = assertThrows(StreamhouseException.class, call);
        assertEquals(code, e.code(), e.getMessage());
        assertTrue(e.getMessage().contains(inMessage), e.getMessage());
    }

    private List<Executable> callsOn(String path) {
        return List.of(
                () -> store.read(path),
                () -> store.read(path, 0, 1),
                () -> store.size(path),
                () -> store.put(path, bytes("x")),
                () -> store.putIfAbsent(path, bytes("x")),
                () -> store.create(path),
                () -> store.delete(path));
    }

    private List<String> paths(String directory) throws IOException {
        List<String> paths = new ArrayList<>();
        for (ObjectInfo info : store.list(directory)) {
            paths.add(info.path());
        }
        return paths;
    }

    private void create(String path, String content) throws IOException {
        try (ObjectOutput output = store.create(path)) {
            output.write(bytes(content), 0, bytes(content).length);
            output.commit();
        }
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
