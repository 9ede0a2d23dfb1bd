package io.streamhouse.storage.s3;

import io.streamhouse.spec.ErrorCode;
import io.streamhouse.spec.StreamhouseException;
import io.streamhouse.spec.TableName;
import io.streamhouse.storage.PutOutcome;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.services.s3.S3Client;

/** Requests of one store: tried again when that can change nothing, once when it is a commit. Thread-safe. */
final class Requests implements AutoCloseable {
    /** Tries of a call in all; with the pauses of {@link Backoff} about three seconds beside the calls themselves. */
    static final int MAX_TRIES = 8;

    private static final String CONTENT_TYPE = "application/octet-stream";

    /** One try. */
    interface Call<T> {
        /** Calls the server; a {@link StreamhouseException} ends the tries. */
        T run(S3Client client) throws IOException;
    }

    private final S3Location location;
    private final S3Connection connection;
    private final Backoff backoff;
    /** Whether an answer has shown that the bucket is there. */
    private volatile boolean bucketSeen;

    Requests(S3Location location, S3Connection connection, Backoff backoff) {
        this.location = location;
        this.connection = connection;
        this.backoff = backoff;
    }

    /** Repeats a call that may be repeated until it succeeds, fails for good, or has failed too often. */
    <T> T repeat(String path, Call<T> call) throws IOException {
        for (int tries = 0; ; tries++) {
            try {
                T answer = call.run(connection.client());
                bucketSeen = true;
                return answer;
            } catch (SdkException | IOException e) {
                if (tries + 1 == MAX_TRIES || !S3Failure.isTransient(e)) {
                    throw S3Failure.translated(location, path, e);
                }
                backoff.after(tries);
            }
        }
    }

    /**
     * The put that decides. Only what provably wrote nothing (409: another request for the name was under way) is tried
     * again; every other failure that says nothing about the object is {@link PutOutcome#UNKNOWN}.
     */
    PutOutcome putIfAbsent(String path, byte[] bytes) throws IOException {
        for (int tries = 0; ; tries++) {
            try {
                connection
                        .client()
                        .putObject(
                                r -> r.bucket(location.bucket())
                                        .key(location.key(path))
                                        .ifNoneMatch("*"),
                                body(bytes, bytes.length));
                bucketSeen = true;
                return PutOutcome.CREATED;
            } catch (SdkException e) {
                if (S3Failure.status(e) == S3Failure.PRECONDITION_FAILED) {
                    return PutOutcome.EXISTED;
                }
                if (S3Failure.lacksCondition(e)) {
                    throw new StreamhouseException(
                            ErrorCode.NO_COMMIT_PRIMITIVE,
                            "%s has no conditional put, so nothing can be committed there (object=%s)"
                                    .formatted(location.uri(), TableName.printable(path)),
                            e);
                }
                boolean conflict = S3Failure.status(e) == S3Failure.CONFLICT;
                if (!conflict && !S3Failure.isTransient(e)) {
                    throw S3Failure.translated(location, path, e);
                }
                if (!conflict || tries + 1 == MAX_TRIES) {
                    return PutOutcome.UNKNOWN;
                }
                backoff.after(tries);
            }
        }
    }

    /** Tells a missing object from a missing bucket, which answers to HEAD do not; asks at most once. */
    void requireBucket() throws IOException {
        if (bucketSeen) {
            return;
        }
        repeat("", client -> {
            try {
                return client.headBucket(r -> r.bucket(location.bucket()));
            } catch (SdkException e) {
                if (S3Failure.status(e) == S3Failure.NOT_FOUND) {
                    throw S3Failure.noBucket(location, e);
                }
                throw e;
            }
        });
    }

    /** The first {@code length} bytes of an array as a body that can be sent again. */
    static RequestBody body(byte[] bytes, int length) {
        return RequestBody.fromContentProvider(() -> new ByteArrayInputStream(bytes, 0, length), length, CONTENT_TYPE);
    }

    @Override
    public void close() {
        connection.close();
    }
}
