package io.streamhouse.storage.s3;

import io.streamhouse.spec.ErrorCode;
import io.streamhouse.spec.StreamhouseException;
import io.streamhouse.storage.ObjectInfo;
import io.streamhouse.storage.ObjectPath;
import java.io.IOException;
import java.net.URLDecoder;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.services.s3.model.ListMultipartUploadsRequest;
import software.amazon.awssdk.services.s3.model.ListMultipartUploadsResponse;
import software.amazon.awssdk.services.s3.model.MultipartUpload;

/**
 * Uploads in parts that were begun and not completed, as temporary objects: that of {@code data/x} is
 * {@code data/x/.upload-<id>}, a path that no object has.
 */
final class S3Uploads {
    private static final String MARK = "/.upload-";

    private final S3Location location;
    private final Requests requests;

    S3Uploads(S3Location location, Requests requests) {
        this.location = location;
        this.requests = requests;
    }

    static boolean isUpload(String path) {
        return path.indexOf('/', path.lastIndexOf(MARK) + 1) < 0 && path.contains(MARK);
    }

    /** Those below a directory, ascending by path; none where the server lists no uploads or the right to is missing. */
    List<ObjectInfo> list(String directory) throws IOException {
        List<ObjectInfo> found = new ArrayList<>();
        ListMultipartUploadsRequest.Builder request = ListMultipartUploadsRequest.builder()
                .bucket(location.bucket())
                .prefix(location.key(ObjectPath.prefix(directory)));
        while (true) {
            ListMultipartUploadsResponse page = page(directory, request.build());
            for (MultipartUpload upload : page.uploads()) {
                if (upload.key() == null || upload.uploadId() == null || upload.initiated() == null) {
                    throw S3Failure.incomplete(location, directory, "lists an upload without name, id or time");
                }
                String id = URLEncoder.encode(upload.uploadId(), StandardCharsets.UTF_8);
                String path = location.path(upload.key()) + MARK + id;
                if (ObjectPath.isLegal(path)) { // others are none of ours
                    found.add(new ObjectInfo(path, 0, upload.initiated().toEpochMilli()));
                }
            }
            if (!Boolean.TRUE.equals(page.isTruncated())) {
                found.sort(Comparator.comparing(ObjectInfo::path));
                return found;
            }
            ListMultipartUploadsRequest last = request.build();
            boolean isSame = Objects.equals(page.nextKeyMarker(), last.keyMarker())
                    && Objects.equals(page.nextUploadIdMarker(), last.uploadIdMarker());
            if (page.nextKeyMarker() == null || isSame) {
                throw S3Failure.incomplete(
                        location, directory, "cuts a list of uploads and does not say how it goes on");
            }
            request.keyMarker(page.nextKeyMarker()).uploadIdMarker(page.nextUploadIdMarker());
        }
    }

    private ListMultipartUploadsResponse page(String directory, ListMultipartUploadsRequest request)
            throws IOException {
        try {
            return requests.repeat(directory, client -> {
                try {
                    return client.listMultipartUploads(request);
                } catch (SdkException e) {
                    if (S3Failure.lacksCondition(e)) {
                        return ListMultipartUploadsResponse.builder().build();
                    }
                    throw e;
                }
            });
        } catch (StreamhouseException e) {
            // A right of its own that nothing else needs: without it the bucket's rule has to delete them.
            if (e.code() == ErrorCode.NO_PERMISSION) {
                return ListMultipartUploadsResponse.builder().build();
            }
            throw e;
        }
    }

    /** Gives an upload up, as {@link #list} has named it; true if it was there. */
    boolean abort(String path) throws IOException {
        int mark = path.lastIndexOf(MARK);
        String id = URLDecoder.decode(path.substring(mark + MARK.length()), StandardCharsets.UTF_8);
        return requests.repeat(path, client -> {
            try {
                client.abortMultipartUpload(r -> r.bucket(location.bucket())
                        .key(location.key(path.substring(0, mark)))
                        .uploadId(id));
                return true;
            } catch (SdkException e) {
                if (S3Failure.isUploadGone(e) || S3Failure.isMissing(e)) {
                    return false;
                }
                throw e;
            }
        });
    }
}
