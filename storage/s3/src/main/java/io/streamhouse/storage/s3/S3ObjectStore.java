package io.streamhouse.storage.s3;

import io.streamhouse.storage.CheckedRange;
import io.streamhouse.storage.CoalescedReads;
import io.streamhouse.storage.ObjectInfo;
import io.streamhouse.storage.ObjectOutput;
import io.streamhouse.storage.ObjectPath;
import io.streamhouse.storage.ObjectStore;
import io.streamhouse.storage.PutOutcome;
import io.streamhouse.storage.Ranges;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;
import software.amazon.awssdk.core.ResponseInputStream;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.services.s3.model.GetObjectResponse;
import software.amazon.awssdk.services.s3.model.HeadObjectResponse;
import software.amazon.awssdk.services.s3.model.ListObjectsV2Request;
import software.amazon.awssdk.services.s3.model.ListObjectsV2Response;
import software.amazon.awssdk.services.s3.model.ObjectIdentifier;
import software.amazon.awssdk.services.s3.model.S3Error;
import software.amazon.awssdk.services.s3.model.S3Object;

/** Objects below a prefix of a bucket. */
final class S3ObjectStore implements ObjectStore {
    private final S3Location location;
    private final Requests requests;

    S3ObjectStore(S3Location location, Requests requests) {
        this.location = location;
        this.requests = requests;
    }

    @Override
    public byte[] read(String path) throws IOException {
        ObjectPath.check(path);
        return requests.repeat(path, client -> {
            try (ResponseInputStream<GetObjectResponse> in =
                    client.getObject(r -> r.bucket(location.bucket()).key(location.key(path)))) {
                return whole(path, in, in.response().contentLength());
            } catch (SdkException e) {
                throw missing(path, e);
            }
        });
    }

    @Override
    public byte[] read(String path, long offset, int length) throws IOException {
        ObjectPath.check(path);
        if (offset < 0 || length <= 0 || offset > Long.MAX_VALUE - length) {
            // no range of HTTP: nothing to read, or nothing that could be there
            Ranges.check(path, offset, length, existingSize(path));
            return new byte[0];
        }
        String range = "bytes=%d-%d".formatted(offset, offset + length - 1);
        return requests.repeat(path, client -> {
            try (ResponseInputStream<GetObjectResponse> in = client.getObject(
                    r -> r.bucket(location.bucket()).key(location.key(path)).range(range))) {
                if (in.response().contentRange() == null) {
                    in.abort();
                    throw new IOException("the server takes no ranges of objects");
                }
                long found = in.response().contentLength();
                if (found != length) {
                    in.abort();
                    throw Ranges.truncated(path, offset, length, offset + found);
                }
                return whole(path, in, found);
            } catch (SdkException e) {
                if (S3Failure.status(e) == S3Failure.RANGE_NOT_SATISFIABLE) {
                    throw Ranges.truncated(path, offset, length, existingSize(path));
                }
                throw missing(path, e);
            }
        });
    }

    /** A body of exactly the length that the head of the answer promised. */
    private byte[] whole(String path, ResponseInputStream<GetObjectResponse> in, long length) throws IOException {
        if (length > Ranges.MAX_ARRAY_LENGTH) {
            in.abort();
            throw new IOException(
                    "%s/%s has %d bytes, more than one array holds".formatted(location.uri(), path, length));
        }
        byte[] bytes = new byte[(int) length];
        try {
            int read = in.readNBytes(bytes, 0, bytes.length);
            if (read != bytes.length || in.read() >= 0) {
                throw new IOException("the answer ends at byte %d of %d".formatted(read, length));
            }
            return bytes;
        } catch (IOException | RuntimeException e) {
            in.abort();
            throw e;
        }
    }

    private RuntimeException missing(String path, SdkException e) {
        return S3Failure.isMissing(e) ? S3Failure.missing(location, path) : e;
    }

    private long existingSize(String path) throws IOException {
        long size = size(path);
        if (size < 0) {
            throw S3Failure.missing(location, path);
        }
        return size;
    }

    @Override
    public List<byte[]> readChecked(String path, List<CheckedRange> ranges) throws IOException {
        return CoalescedReads.read(this, path, ranges);
    }

    @Override
    public Optional<ObjectInfo> find(String path) throws IOException {
        ObjectPath.check(path);
        return requests.repeat(path, client -> {
            try {
                HeadObjectResponse head =
                        client.headObject(r -> r.bucket(location.bucket()).key(location.key(path)));
                return Optional.of(new ObjectInfo(
                        path, head.contentLength(), head.lastModified().toEpochMilli()));
            } catch (SdkException e) {
                if (S3Failure.status(e) == S3Failure.NOT_FOUND) {
                    requests.requireBucket();
                    return Optional.empty();
                }
                throw e;
            }
        });
    }

    @Override
    public void put(String path, byte[] bytes) throws IOException {
        put(ObjectPath.check(path), bytes, bytes.length);
    }

    private void put(String path, byte[] bytes, int length) throws IOException {
        requests.repeat(
                path,
                client -> client.putObject(
                        r -> r.bucket(location.bucket()).key(location.key(path)), Requests.body(bytes, length)));
    }

    @Override
    public PutOutcome putIfAbsent(String path, byte[] bytes) throws IOException {
        return requests.putIfAbsent(ObjectPath.check(path), bytes);
    }

    @Override
    public ObjectOutput create(String path) {
        return new S3Upload(ObjectPath.check(path), location, requests);
    }

    @Override
    public List<ObjectInfo> list(String directory) throws IOException {
        List<ObjectInfo> found = new ArrayList<>();
        if (!ObjectPath.isHidden(ObjectPath.checkDirectory(directory))) {
            forEachPage(directory, "", page -> {
                for (S3Object object : page.contents()) {
                    String path = location.path(object.key());
                    // consoles mark directories by empty objects whose name ends with a slash
                    if (!path.endsWith("/") && !path.isEmpty() && !ObjectPath.isHidden(path)) {
                        found.add(new ObjectInfo(
                                path, object.size(), object.lastModified().toEpochMilli()));
                    }
                }
            });
        }
        // servers order by bytes of UTF-8, or not at all
        found.sort(Comparator.comparing(ObjectInfo::path));
        return found;
    }

    @Override
    public List<String> listDirectories(String directory) throws IOException {
        TreeSet<String> names = new TreeSet<>();
        if (!ObjectPath.isHidden(ObjectPath.checkDirectory(directory))) {
            int start = ObjectPath.prefix(directory).length();
            forEachPage(directory, "/", page -> page.commonPrefixes().forEach(p -> {
                String path = location.path(p.prefix());
                String name = path.substring(start, path.length() - 1);
                if (!name.isEmpty() && !ObjectPath.isHidden(name)) {
                    names.add(name);
                }
            }));
        }
        return List.copyOf(names);
    }

    /** Hands over what begins with the directory's prefix, page by page. */
    private void forEachPage(String directory, String delimiter, PageConsumer consumer) throws IOException {
        ListObjectsV2Request.Builder request = ListObjectsV2Request.builder()
                .bucket(location.bucket())
                .prefix(location.key(ObjectPath.prefix(directory)))
                .delimiter(delimiter.isEmpty() ? null : delimiter);
        ListObjectsV2Response page;
        do {
            ListObjectsV2Request next = request.build();
            page = requests.repeat(directory, client -> client.listObjectsV2(next));
            consumer.accept(page);
            request.continuationToken(page.nextContinuationToken());
        } while (Boolean.TRUE.equals(page.isTruncated()));
    }

    private interface PageConsumer {
        void accept(ListObjectsV2Response page) throws IOException;
    }

    @Override
    public boolean delete(String path) throws IOException {
        // the answer to a delete does not tell whether there was an object
        if (size(path) < 0) {
            return false;
        }
        requests.repeat(
                path,
                client -> client.deleteObject(r -> r.bucket(location.bucket()).key(location.key(path))));
        return true;
    }

    @Override
    public void deleteDirectory(String directory) throws IOException {
        ObjectPath.check(directory);
        forEachPage(directory, "", page -> {
            List<ObjectIdentifier> keys = page.contents().stream()
                    .map(o -> ObjectIdentifier.builder().key(o.key()).build())
                    .toList();
            if (!keys.isEmpty()) {
                deleteAll(directory, keys);
            }
        });
    }

    /** Deletes the objects of a page, which are as many as a request can name. */
    private void deleteAll(String directory, List<ObjectIdentifier> keys) throws IOException {
        List<S3Error> refused = requests.repeat(directory, client -> client.deleteObjects(r ->
                        r.bucket(location.bucket()).delete(d -> d.objects(keys).quiet(true)))
                .errors());
        if (!refused.isEmpty()) {
            S3Error first = refused.get(0);
            throw S3Failure.refused(location, location.path(first.key()), first.code());
        }
    }

    @Override
    public String uri() {
        return location.uri();
    }

    @Override
    public void close() {
        requests.close();
    }
}
