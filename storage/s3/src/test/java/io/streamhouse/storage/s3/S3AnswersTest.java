package io.streamhouse.storage.s3;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.streamhouse.spec.ErrorCode;
import io.streamhouse.spec.StreamhouseException;
import io.streamhouse.storage.ObjectInfo;
import io.streamhouse.storage.ObjectOutput;
import io.streamhouse.storage.ObjectStore;
import io.streamhouse.storage.ObjectStores;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.api.io.TempDir;

/** Answers that no server should give, uploads that nobody completes, and what the process says of region and identity. */
@Timeout(60)
class S3AnswersTest {
    private static final String PAGE = "<?xml version=\"1.0\"?><ListBucketResult><IsTruncated>true</IsTruncated>%s"
            + "<Contents><Key>x/data/a</Key><Size>1</Size><LastModified>2026-01-01T00:00:00Z</LastModified></Contents>"
            + "</ListBucketResult>";

    @TempDir
    Path directory;

    private static ObjectStore store(ScriptedServer server) {
        return ObjectStores.open(
                URI.create("s3://bucket/x"),
                Map.of("s3.endpoint", server.uri().toString(), "s3.access-key", "key", "s3.secret-key", "secret"));
    }

    private static void refused(ErrorCode code, String words, Executable call) {
        StreamhouseException e = assertThrows(StreamhouseException.class, call);
        assertEquals(code, e.code(), e.getMessage());
        assertTrue(e.getMessage().contains(words), e.getMessage());
    }

    @Test
    void anAnswerWithoutLengthIsRefusedAndNamesTheObject() throws IOException {
        try (ScriptedServer server = new ScriptedServer(request -> {
                    request.getResponseHeaders().add("Content-Range", "bytes 0-3/4");
                    boolean part = request.getRequestHeaders().containsKey("Range");
                    ScriptedServer.sendWithoutLength(request, part ? 206 : 200, "body");
                });
                ObjectStore store = store(server)) {
            List<Executable> calls =
                    List.of(() -> store.size("data/a"), () -> store.read("data/a"), () -> store.read("data/a", 0, 4));
            for (Executable call : calls) {
                refused(ErrorCode.BAD_OPTION_VALUE, "s3://bucket/x/data/a", call);
            }
            assertEquals(calls.size(), server.requests().size(), "no further try would mend it");
        }
    }

    @Test
    void aListThatIsCutAndDoesNotSayHowItGoesOnIsRefused() throws IOException {
        for (String token : List.of("", "<NextContinuationToken>same</NextContinuationToken>")) {
            try (ScriptedServer server =
                            new ScriptedServer(request -> ScriptedServer.send(request, 200, PAGE.formatted(token)));
                    ObjectStore store = store(server)) {
                refused(ErrorCode.BAD_OPTION_VALUE, "s3://bucket/x/data", () -> store.list("data"));
                assertEquals(token.isEmpty() ? 1 : 2, server.requests().size());
                refused(ErrorCode.BAD_OPTION_VALUE, "s3://bucket/x", () -> store.listDirectories(""));
                refused(ErrorCode.BAD_OPTION_VALUE, "s3://bucket/x", () -> store.listTemporary(""));
            }
        }
    }

    @Test
    void aListOfObjectsWithoutLengthIsRefused() throws IOException {
        String page =
                "<?xml version=\"1.0\"?><ListBucketResult><Contents><Key>x/data/a</Key></Contents></ListBucketResult>";
        try (ScriptedServer server = new ScriptedServer(request -> ScriptedServer.send(request, 200, page));
                ObjectStore store = store(server)) {
            refused(ErrorCode.BAD_OPTION_VALUE, "s3://bucket/x/data", () -> store.list("data"));
        }
    }

    @Test
    void anUploadThatFailsIsAborted() throws IOException {
        for (String failing : List.of("partNumber=2", "complete")) {
            try (ScriptedServer server = new ScriptedServer(request -> {
                        String target = request.getRequestMethod() + " " + request.getRequestURI();
                        if (target.endsWith("?uploads") || target.endsWith("?uploads=")) {
                            ScriptedServer.send(
                                    request,
                                    200,
                                    "<InitiateMultipartUploadResult><UploadId>u/1</UploadId></InitiateMultipartUploadResult>");
                        } else if (target.contains(failing)
                                || failing.equals("complete") && target.startsWith("POST")) {
                            ScriptedServer.send(request, 403, "<Error><Code>AccessDenied</Code></Error>");
                        } else {
                            request.getResponseHeaders().add("ETag", "\"tag\"");
                            ScriptedServer.send(
                                    request, request.getRequestMethod().equals("DELETE") ? 204 : 200, "");
                        }
                    });
                    ObjectStore store = store(server)) {
                refused(ErrorCode.NO_PERMISSION, "s3://bucket/x/data/a", () -> {
                    try (ObjectOutput out = store.create("data/a")) {
                        byte[] bytes = new byte[S3Upload.PART_BYTES];
                        for (int i = 0; i < 3; i++) {
                            out.write(bytes, 0, bytes.length);
                        }
                        out.commit();
                    }
                });
                List<String> all = server.requests();
                assertEquals("DELETE /bucket/x/data/a?uploadId=u%2F1", all.get(all.size() - 1), all::toString);
            }
        }
    }

    private static final String UPLOADS =
            "<?xml version=\"1.0\"?><ListMultipartUploadsResult>%s</ListMultipartUploadsResult>";
    private static final String UPLOAD =
            "<Upload><Key>x/data/%s</Key><UploadId>%s</UploadId><Initiated>2026-01-0%dT00:00:00Z</Initiated></Upload>";

    @Test
    void uploadsThatNobodyCompletesAreTemporaryObjectsThatCanBeDeleted() throws IOException {
        String first = "<IsTruncated>true</IsTruncated><NextKeyMarker>x/data/b</NextKeyMarker>"
                + "<NextUploadIdMarker>2</NextUploadIdMarker>" + UPLOAD.formatted("b", "i/d+ 2", 2);
        String second = UPLOAD.formatted("a", "1", 1);
        try (ScriptedServer server = new ScriptedServer(request -> {
                    String target = request.getRequestURI().toString();
                    if (request.getRequestMethod().equals("DELETE")) {
                        boolean there = target.contains("i%2Fd");
                        ScriptedServer.send(
                                request, there ? 204 : 404, there ? "" : "<Error><Code>NoSuchUpload</Code></Error>");
                    } else {
                        ScriptedServer.send(
                                request, 200, UPLOADS.formatted(target.contains("key-marker=") ? second : first));
                    }
                });
                ObjectStore store = store(server)) {
            List<ObjectInfo> found = store.listTemporary("");
            assertEquals(
                    List.of("data/a/.upload-1", "data/b/.upload-i%2Fd%2B+2"),
                    found.stream().map(ObjectInfo::path).toList());
            assertEquals(
                    86_400_000L, found.get(1).modifiedMillis() - found.get(0).modifiedMillis());
            assertTrue(store.delete(found.get(1).path()));
            assertFalse(store.delete(found.get(0).path()));
            assertTrue(
                    server.requests().contains("DELETE /bucket/x/data/b?uploadId=i%2Fd%2B%202"),
                    () -> server.requests().toString());
        }
    }

    @Test
    void aServerThatListsNoUploadsHasNone() throws IOException {
        for (int status : new int[] {403, 501}) {
            try (ScriptedServer server = new ScriptedServer(request -> ScriptedServer.send(request, status, ""));
                    ObjectStore store = store(server)) {
                assertEquals(List.of(), store.listTemporary(""));
            }
        }
    }

    /** Sets system properties for a call. */
    private static void with(Map<String, String> properties, Executable call) throws Throwable {
        Map<String, Optional<String>> before = new HashMap<>();
        properties.forEach((key, value) -> before.put(key, Optional.ofNullable(System.setProperty(key, value))));
        try {
            call.execute();
        } finally {
            before.forEach((key, value) ->
                    value.ifPresentOrElse(v -> System.setProperty(key, v), () -> System.clearProperty(key)));
        }
    }

    @Test
    void withoutARegionTheErrorNamesTheOption() throws Throwable {
        String none = directory.resolve("none").toString();
        with(
                Map.of("aws.disableEc2Metadata", "true", "aws.configFile", none, "aws.sharedCredentialsFile", none),
                () -> {
                    try (ObjectStore store = ObjectStores.open(
                            URI.create("s3://bucket/x"), Map.of("s3.access-key", "key", "s3.secret-key", "secret"))) {
                        refused(ErrorCode.BAD_OPTION_VALUE, "set option 's3.region'", () -> store.size("a"));
                    }
                });
    }

    /** As on EKS: a token in a file, a role by name; a service turns them into keys for an hour. */
    @Test
    void aWebIdentityIsTurnedIntoKeys() throws Throwable {
        Path token = Files.writeString(directory.resolve("token"), "a.web.token", StandardCharsets.US_ASCII);
        String keys = "<AssumeRoleWithWebIdentityResponse xmlns=\"https://sts.amazonaws.com/doc/2011-06-15/\">"
                + "<AssumeRoleWithWebIdentityResult><Credentials><AccessKeyId>hour-key</AccessKeyId>"
                + "<SecretAccessKey>hour-secret</SecretAccessKey><SessionToken>hour-token</SessionToken>"
                + "<Expiration>2099-01-01T00:00:00Z</Expiration></Credentials></AssumeRoleWithWebIdentityResult>"
                + "</AssumeRoleWithWebIdentityResponse>";
        try (ScriptedServer service = new ScriptedServer(request -> ScriptedServer.send(request, 200, keys));
                ScriptedServer server = new ScriptedServer(request -> {
                    String signature = request.getRequestHeaders().getFirst("Authorization");
                    boolean right = signature.contains("Credential=hour-key/")
                            && "hour-token".equals(request.getRequestHeaders().getFirst("X-Amz-Security-Token"));
                    ScriptedServer.send(request, right ? 200 : 403, "body");
                })) {
            with(
                    Map.of(
                            "aws.webIdentityTokenFile", token.toString(),
                            "aws.roleArn", "arn:aws:iam::123456789012:role/lake",
                            "aws.roleSessionName", "test",
                            "aws.region", "eu-central-1",
                            "aws.endpointUrlSts", service.uri().toString()),
                    () -> {
                        try (ObjectStore store = ObjectStores.open(
                                URI.create("s3://bucket/x"),
                                Map.of("s3.endpoint", server.uri().toString()))) {
                            assertEquals("body", new String(store.read("a"), StandardCharsets.US_ASCII));
                        }
                    });
            assertEquals(1, service.requests().size());
        }
    }
}
