package io.streamhouse.storage.s3;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.streamhouse.spec.ErrorCode;
import io.streamhouse.spec.StreamhouseException;
import io.streamhouse.spec.option.S3Options;
import io.streamhouse.storage.ObjectInfo;
import io.streamhouse.storage.ObjectOutput;
import io.streamhouse.storage.ObjectStore;
import io.streamhouse.storage.ObjectStores;
import io.streamhouse.storage.PutOutcome;
import io.streamhouse.testkit.FaultProxy;
import io.streamhouse.testkit.NetworkFault;
import io.streamhouse.testkit.ProxiedRequest;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.URI;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.function.Predicate;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.core.exception.SdkClientException;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.S3Exception;

/** What the network and the server do to requests, and what callers get to know of it. */
class S3FaultsTest {
    private static final Predicate<ProxiedRequest> ANY = request -> true;
    private static final byte[] MINE = {1, 2, 3};

    private final List<Long> pauses = new ArrayList<>();
    private FaultProxy proxy;
    private S3Location location;
    private ObjectStore store;
    /** The same objects without the proxy. */
    private ObjectStore direct;

    @BeforeEach
    void open() throws IOException {
        proxy = FaultProxy.start(S3Server.uri());
        URI root = S3Server.freshRoot();
        location = S3Location.of("s3", S3Server.BUCKET, root.getPath().substring(1));
        store = store(proxy.uri());
        direct = ObjectStores.open(root, S3Server.options(S3Server.uri()));
    }

    private ObjectStore store(URI endpoint) {
        S3Connection connection = new S3Connection(location, S3Options.parse(S3Server.options(endpoint)));
        Backoff backoff = new Backoff(new SplittableRandom(1), pauses::add);
        return new S3ObjectStore(location, new Requests(location, connection, backoff));
    }

    @AfterEach
    void close() throws IOException {
        store.close();
        direct.close();
        proxy.close();
    }

    @Test
    void aConflictIsTriedAgain() throws IOException {
        proxy.next(3, NetworkFault.CONFLICT, ProxiedRequest::isConditionalPut);
        assertEquals(PutOutcome.CREATED, store.putIfAbsent("a", MINE));
        assertEquals(4, proxy.count(ProxiedRequest::isConditionalPut));
        assertEquals(3, pauses.size());
        assertArrayEquals(MINE, direct.read("a"));
    }

    @Test
    void aConflictWithoutEndIsUnknown() throws IOException {
        proxy.rule(request -> NetworkFault.CONFLICT);
        assertEquals(PutOutcome.UNKNOWN, store.putIfAbsent("a", MINE));
        assertEquals(Requests.MAX_TRIES, proxy.count(ANY));
        assertEquals(-1, direct.size("a"));
    }

    @ParameterizedTest
    @EnumSource(
            value = NetworkFault.class,
            names = {"LOST", "BUSY", "RESET"})
    void aPutThatDecidesIsSentOnceWhateverHappens(NetworkFault fault) throws IOException {
        proxy.next(1, fault, ProxiedRequest::isConditionalPut);
        assertEquals(PutOutcome.UNKNOWN, store.putIfAbsent("a", MINE));
        assertEquals(1, proxy.count(ANY));
        assertEquals(List.of(), pauses);
        assertEquals(fault == NetworkFault.LOST ? MINE.length : -1, direct.size("a"));
    }

    @Test
    void aPutThatArrivesTwiceExistsAndReadsBackAsOurs() throws IOException {
        proxy.next(1, NetworkFault.DOUBLED, ProxiedRequest::isConditionalPut);
        assertEquals(PutOutcome.EXISTED, store.putIfAbsent("a", MINE));
        assertArrayEquals(MINE, store.read("a"));
    }

    @Test
    void aPutThatArrivesLateIsUnknownAndStandsInTheEnd() throws Exception {
        proxy.next(1, NetworkFault.LATE, ProxiedRequest::isConditionalPut);
        assertEquals(PutOutcome.UNKNOWN, store.putIfAbsent("a", MINE));
        assertEquals(-1, store.size("a"));
        proxy.release();
        long limit = System.nanoTime() + 20_000_000_000L;
        while (direct.size("a") < 0 && System.nanoTime() - limit < 0) {
            Thread.onSpinWait();
        }
        assertEquals(PutOutcome.EXISTED, store.putIfAbsent("a", new byte[1]));
        assertArrayEquals(MINE, store.read("a"));
    }

    @Test
    void aServerWithoutConditionalPutsIsRefused() {
        proxy.rule(request -> NetworkFault.NOT_IMPLEMENTED);
        assertCode(ErrorCode.NO_COMMIT_PRIMITIVE, location.uri(), () -> store.putIfAbsent("a", MINE));
    }

    /** The fault that {@link #aPutThatDecidesIsSentOnceWhateverHappens} is for. */
    @Test
    void triesOfTheSdkItselfTellTheWinnerThatItHasLost() throws IOException {
        try (S3Client client = S3Client.builder()
                .endpointOverride(proxy.uri())
                .region(Region.US_EAST_1)
                .forcePathStyle(true)
                .credentialsProvider(StaticCredentialsProvider.create(
                        AwsBasicCredentials.create(S3Server.ACCESS_KEY, S3Server.SECRET_KEY)))
                .build()) {
            proxy.next(1, NetworkFault.LOST, ProxiedRequest::isConditionalPut);
            S3Exception e = assertThrows(
                    S3Exception.class,
                    () -> client.putObject(
                            r -> r.bucket(S3Server.BUCKET)
                                    .key(location.key("a"))
                                    .ifNoneMatch("*"),
                            RequestBody.fromBytes(MINE)));
            assertEquals(412, e.statusCode());
            assertEquals(2, proxy.count(ProxiedRequest::isConditionalPut));
            assertArrayEquals(MINE, direct.read("a"));
        }
    }

    @ParameterizedTest
    @EnumSource(
            value = NetworkFault.class,
            names = {"LOST", "BUSY", "RESET", "CUT", "SLOW", "NONE"})
    void readsAndPlainPutsOutlastSomeFaults(NetworkFault fault) throws IOException {
        byte[] content = random(200_000);
        proxy.next(2, fault, request -> request.method().equals("PUT"));
        store.put("dir/a", content);
        assertArrayEquals(content, direct.read("dir/a"));
        proxy.next(3, fault, ANY);
        assertArrayEquals(content, store.read("dir/a"));
        proxy.next(3, fault, ANY);
        assertArrayEquals(Arrays.copyOfRange(content, 1_000, 151_000), store.read("dir/a", 1_000, 150_000));
        proxy.next(3, fault, ANY);
        assertEquals(content.length, store.size("dir/a"));
        proxy.next(3, fault, ANY);
        assertEquals("dir/a", store.list("dir").get(0).path());
        proxy.next(3, fault, ANY);
        store.deleteDirectory("dir");
        assertEquals(-1, direct.size("dir/a"));
    }

    @Test
    void triesOfACallAreBoundedAndTheErrorNamesTheObject() throws IOException {
        store.put("dir/a", MINE);
        long before = proxy.count(ANY);
        proxy.rule(request -> NetworkFault.BUSY);
        IOException e = assertThrows(IOException.class, () -> store.read("dir/a"));
        assertTrue(
                e.getMessage().contains(location.uri() + "/dir/a")
                        && e.getMessage().contains("503"),
                e.getMessage());
        assertEquals(Requests.MAX_TRIES, proxy.count(ANY) - before);
        assertEquals(Requests.MAX_TRIES - 1, pauses.size());
        long limit = 50;
        for (long pause : pauses) {
            assertTrue(pause >= 1 && pause <= limit, () -> pauses.toString());
            limit *= 2;
        }
    }

    @ParameterizedTest
    @EnumSource(
            value = NetworkFault.class,
            names = {"LOST", "BUSY", "RESET", "NONE"})
    void anUploadInPartsOutlastsFaultsAndIsSeenWholeOrNotAtAll(NetworkFault fault) throws IOException {
        byte[] content = random(2 * S3Upload.PART_BYTES + 12_345);
        proxy.rule(request -> request.number() % 2 == 1 ? fault : NetworkFault.NONE);
        try (ObjectOutput output = store.create("data/large")) {
            for (int at = 0; at < content.length; at += 1_000_003) {
                output.write(content, at, Math.min(1_000_003, content.length - at));
                assertEquals(-1, direct.size("data/large"));
            }
            output.commit();
        }
        assertArrayEquals(content, direct.read("data/large"));
        assertTrue(proxy.count(r -> r.target().contains("partNumber=3")) > 0);
    }

    @Test
    void anUploadThatIsGivenUpIsAborted() throws IOException {
        try (ObjectOutput output = store.create("data/large")) {
            output.write(random(S3Upload.PART_BYTES + 1), 0, S3Upload.PART_BYTES + 1);
        }
        assertEquals(
                1, proxy.count(r -> r.method().equals("DELETE") && r.target().contains("uploadId=")));
        assertEquals(List.of(), direct.list(""));
    }

    @Test
    void anUploadThatNobodyGaveUpIsListedAsTemporaryAndDeleted() throws IOException {
        proxy.rule(request -> request.method().equals("DELETE") ? NetworkFault.BUSY : NetworkFault.NONE);
        try (ObjectOutput output = store.create("data/large")) {
            output.write(random(S3Upload.PART_BYTES + 1), 0, S3Upload.PART_BYTES + 1);
        }
        List<ObjectInfo> left = direct.listTemporary("");
        assertEquals(1, left.size(), left::toString);
        assertTrue(left.get(0).path().startsWith("data/large/.upload-"), left::toString);
        assertEquals(List.of(), direct.list(""));
        assertTrue(direct.delete(left.get(0).path()));
        assertEquals(List.of(), direct.listTemporary(""));
    }

    @Test
    void smallStreamsAreOneRequest() throws IOException {
        try (ObjectOutput output = store.create("data/small")) {
            output.write(random(1 << 20), 0, 1 << 20);
            output.commit();
        }
        assertEquals(1, proxy.count(ANY));
    }

    @Test
    void wrongKeysAndAMissingBucketAreErrorsThatShowNoSecret() throws IOException {
        Map<String, String> wrong = new HashMap<>(S3Server.options(S3Server.uri()));
        wrong.put("s3.secret-key", "canary-wrong-key");
        try (ObjectStore refused = ObjectStores.open(S3Server.freshRoot(), wrong)) {
            for (Executable call : calls(refused)) {
                assertCode(ErrorCode.NO_PERMISSION, "s3://" + S3Server.BUCKET, call);
            }
        }
        try (ObjectStore nowhere =
                ObjectStores.open(URI.create("s3://no-bucket/x"), S3Server.options(S3Server.uri()))) {
            for (Executable call : calls(nowhere)) {
                assertCode(ErrorCode.BAD_OPTION_VALUE, "'no-bucket'", call);
            }
        }
    }

    @Test
    void urisAndOptionsThatCannotBeAreRefused() {
        for (String uri : List.of(
                "s3:///x",
                "s3://user:canary@bucket/x",
                "s3:/user:canary@bucket/x",
                "s3:user:canary@bucket/x",
                "s3:///user:canary@bucket/x",
                "s3://key:canary/x",
                "s3://bucket/x?canary",
                "s3://bucket/a//b")) {
            assertCode(ErrorCode.BAD_OPTION_VALUE, "s3:", () -> ObjectStores.open(URI.create(uri), Map.of()));
        }
        for (String key : List.of("s3.endpont", "bucket", "warehouse")) {
            assertCode(
                    ErrorCode.UNKNOWN_OPTION,
                    "'" + key + "'",
                    () -> ObjectStores.open(URI.create("s3://bucket/x"), Map.of(key, "canary")));
        }
    }

    @Test
    void credentialsThatAreNowhereAreAnErrorOfRights() throws IOException {
        SdkClientException none = SdkClientException.create(
                "Unable to load credentials from any of the providers in the chain AwsCredentialsProviderChain(...)");
        assertFalse(S3Failure.isTransient(none));
        assertCode(ErrorCode.NO_PERMISSION, location.uri() + "/a", () -> {
            throw S3Failure.translated(location, "a", none);
        });
        assertTrue(
                S3Failure.isTransient(SdkClientException.create("Unable to execute", new IOException("credentials"))));
    }

    private static List<Executable> calls(ObjectStore store) {
        return List.of(
                () -> store.size("a"),
                () -> store.read("a"),
                () -> store.read("a", 0, 1),
                () -> store.list("a"),
                () -> store.listDirectories(""),
                () -> store.put("a", MINE),
                () -> store.putIfAbsent("a", MINE),
                () -> store.delete("a"));
    }

    private static void assertCode(ErrorCode code, String inMessage, Executable call) {
        StreamhouseException e = assertThrows(StreamhouseException.class, call);
        assertEquals(code, e.code(), e.getMessage());
        assertTrue(e.getMessage().contains(inMessage), e.getMessage());
        StringWriter all = new StringWriter();
        e.printStackTrace(new PrintWriter(all));
        assertFalse(all.toString().contains("canary"), all.toString());
    }

    private static byte[] random(int length) {
        byte[] bytes = new byte[length];
        new SplittableRandom(length).nextBytes(bytes);
        return bytes;
    }
}
