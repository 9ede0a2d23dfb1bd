package io.streamhouse.storage.s3;

import io.streamhouse.storage.ObjectOutput;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.CompletedPart;

/**
 * A streamed object: one put if it fits into a part, otherwise parts that the store puts together at the commit. Parts of
 * an upload that was never completed are seen by nobody; {@link #close} gives it up, and what a killed process leaves is
 * listed by {@link S3Uploads}.
 */
final class S3Upload implements ObjectOutput {
    /** Memory of an upload, and what is sent again when a try fails. Parts but the last have 5 MiB or more. */
    static final int PART_BYTES = 8 << 20;

    private static final int FIRST_BYTES = 64 << 10;
    private static final int MAX_PARTS = 10_000;

    private final String path;
    private final S3Location location;
    private final Requests requests;
    private final List<CompletedPart> parts = new ArrayList<>();
    private byte[] part = new byte[FIRST_BYTES];
    private int filled;
    private long position;
    private String uploadId;
    private boolean ended;

    S3Upload(String path, S3Location location, Requests requests) {
        this.path = path;
        this.location = location;
        this.requests = requests;
    }

    @Override
    public void write(byte[] bytes, int offset, int length) throws IOException {
        Objects.checkFromIndexSize(offset, length, bytes.length);
        checkOpen();
        for (int done = 0; done < length; ) {
            if (filled == PART_BYTES) {
                sendPart();
            }
            int count = Math.min(length - done, PART_BYTES - filled);
            if (filled + count > part.length) {
                part = Arrays.copyOf(part, Math.min(PART_BYTES, Math.max(filled + count, 2 * part.length)));
            }
            System.arraycopy(bytes, offset + done, part, filled, count);
            filled += count;
            done += count;
        }
        position += length;
    }

    private void checkOpen() {
        if (ended) {
            throw new IllegalStateException("output of '%s' is committed or closed".formatted(path));
        }
    }

    private void sendPart() throws IOException {
        if (parts.size() == MAX_PARTS) {
            throw new IOException(
                    "%s/%s has more than %d parts of %d bytes".formatted(location.uri(), path, MAX_PARTS, PART_BYTES));
        }
        if (uploadId == null) {
            uploadId = requests.repeat(path, client -> client.createMultipartUpload(
                            r -> r.bucket(location.bucket()).key(location.key(path)))
                    .uploadId());
            if (uploadId == null) {
                throw S3Failure.incomplete(location, path, "begins an upload without naming it");
            }
        }
        int number = parts.size() + 1;
        String tag = requests.repeat(path, client -> client.uploadPart(
                        r -> r.bucket(location.bucket())
                                .key(location.key(path))
                                .uploadId(uploadId)
                                .partNumber(number),
                        Requests.body(part, filled))
                .eTag());
        parts.add(CompletedPart.builder().partNumber(number).eTag(tag).build());
        filled = 0;
    }

    @Override
    public long position() {
        return position;
    }

    @Override
    public void commit() throws IOException {
        checkOpen();
        if (uploadId == null) {
            requests.repeat(
                    path,
                    client -> client.putObject(
                            r -> r.bucket(location.bucket()).key(location.key(path)), Requests.body(part, filled)));
        } else {
            sendPart();
            requests.repeat(path, this::complete);
            uploadId = null;
        }
        end();
    }

    private Void complete(S3Client client) throws IOException {
        try {
            client.completeMultipartUpload(r -> r.bucket(location.bucket())
                    .key(location.key(path))
                    .uploadId(uploadId)
                    .multipartUpload(m -> m.parts(parts)));
        } catch (SdkException e) {
            // an answer to an earlier try was lost: then the upload is gone and the object is there
            if (!S3Failure.isUploadGone(e) || found(client) != position) {
                throw e;
            }
        }
        return null;
    }

    private long found(S3Client client) {
        try {
            return S3Failure.length(
                    location,
                    path,
                    client.headObject(r -> r.bucket(location.bucket()).key(location.key(path)))
                            .contentLength());
        } catch (SdkException e) {
            if (S3Failure.isMissing(e)) {
                return -1;
            }
            throw e;
        }
    }

    private void end() {
        ended = true;
        part = null;
    }

    @Override
    public void close() {
        end();
        if (uploadId == null) {
            return;
        }
        String abandoned = uploadId;
        uploadId = null;
        try {
            requests.repeat(
                    path,
                    client -> client.abortMultipartUpload(r ->
                            r.bucket(location.bucket()).key(location.key(path)).uploadId(abandoned)));
        } catch (IOException | RuntimeException e) {
            // parts without an object are legal; a cleaner finds them, or a rule of the bucket
        }
    }
}
