package io.streamhouse.storage.s3;

import io.streamhouse.spec.ErrorCode;
import io.streamhouse.spec.StreamhouseException;
import io.streamhouse.spec.TableName;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import software.amazon.awssdk.awscore.exception.AwsErrorDetails;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.core.exception.AbortedException;
import software.amazon.awssdk.core.exception.SdkClientException;

/** What failed calls mean. Messages name object, code and request, and repeat nothing that the server wrote. */
final class S3Failure {
    static final int NOT_FOUND = 404;
    static final int CONFLICT = 409;
    static final int PRECONDITION_FAILED = 412;
    static final int RANGE_NOT_SATISFIABLE = 416;
    private static final int NOT_IMPLEMENTED = 501;

    private static final Set<Integer> BUSY = Set.of(408, 425, 429);
    private static final Set<String> BUSY_CODES = Set.of("RequestTimeout", "SlowDown", "OperationAborted");
    private static final Set<Integer> FORBIDDEN = Set.of(401, 403);
    private static final Set<String> FORBIDDEN_CODES =
            Set.of("ExpiredToken", "InvalidToken", "TokenRefreshRequired", "InvalidAccessKeyId");
    private static final Set<String> ELSEWHERE_CODES =
            Set.of("PermanentRedirect", "AuthorizationHeaderMalformed", "IllegalLocationConstraintException");

    private S3Failure() {}

    /** HTTP status of an answer; 0 if there was none. */
    static int status(Exception e) {
        return e instanceof AwsServiceException answer ? answer.statusCode() : 0;
    }

    private static String code(Exception e) {
        return e instanceof AwsServiceException answer
                ? Optional.ofNullable(answer.awsErrorDetails())
                        .map(AwsErrorDetails::errorCode)
                        .orElse("")
                : "";
    }

    /** True if the object is not there, as opposed to its bucket. */
    static boolean isMissing(Exception e) {
        return status(e) == NOT_FOUND && !code(e).equals("NoSuchBucket");
    }

    static boolean isUploadGone(Exception e) {
        return code(e).equals("NoSuchUpload");
    }

    /** True if the server says that it has no conditional put. */
    static boolean lacksCondition(Exception e) {
        return status(e) == NOT_IMPLEMENTED || code(e).equals("NotImplemented");
    }

    /** True if the same call may succeed later; what it did is unknown. */
    static boolean isTransient(Exception e) {
        if (isInterrupt(e)) {
            return false;
        }
        if (e instanceof AwsServiceException) {
            int status = status(e);
            return status >= 500 && !lacksCondition(e) || BUSY.contains(status) || BUSY_CODES.contains(code(e));
        }
        // a reset, a timeout, an answer that ends too early to be parsed
        return !lacksCredentials(e);
    }

    /** True if the SDK found no credentials: nothing was sent. It has no type for that, only its words. */
    private static boolean lacksCredentials(Exception e) {
        for (Throwable t = e; t != null; t = t.getCause()) {
            if (t instanceof IOException) {
                return false;
            }
        }
        return e instanceof SdkClientException
                && String.valueOf(e.getMessage()).toLowerCase(Locale.ROOT).contains("credentials");
    }

    private static boolean isInterrupt(Exception e) {
        return e instanceof AbortedException || Thread.currentThread().isInterrupted();
    }

    /** Throws what a caller gets for a failure that no further try can mend. */
    static IOException translated(S3Location location, String path, Exception e) throws IOException {
        String object = location.uri() + (path.isEmpty() ? "" : "/" + TableName.printable(path));
        if (isInterrupt(e)) {
            Thread.currentThread().interrupt();
            InterruptedIOException interrupted = new InterruptedIOException("interrupted at " + object);
            interrupted.initCause(e);
            throw interrupted;
        }
        if (!(e instanceof AwsServiceException answer)) {
            if (lacksCredentials(e)) {
                throw new StreamhouseException(
                        ErrorCode.NO_PERMISSION, "no usable credentials for %s: %s".formatted(object, brief(e)), e);
            }
            return new IOException("%s: %s".formatted(object, brief(e)), e);
        }
        String said = "HTTP %d%s, request %s"
                .formatted(answer.statusCode(), code(e).isEmpty() ? "" : " " + code(e), answer.requestId());
        if (code(e).equals("NoSuchBucket")) {
            throw noBucket(location, e);
        }
        if (FORBIDDEN.contains(answer.statusCode()) || FORBIDDEN_CODES.contains(code(e))) {
            throw new StreamhouseException(
                    ErrorCode.NO_PERMISSION,
                    "not permitted with these credentials: %s (%s)".formatted(object, said),
                    e);
        }
        if (answer.statusCode() == 301 || ELSEWHERE_CODES.contains(code(e))) {
            throw new StreamhouseException(
                    ErrorCode.BAD_OPTION_VALUE,
                    "bucket '%s' is in another region; 's3.region' says which (%s)".formatted(location.bucket(), said),
                    e);
        }
        return new IOException("%s: %s".formatted(object, said), e);
    }

    static StreamhouseException noBucket(S3Location location, Exception e) {
        return new StreamhouseException(
                ErrorCode.BAD_OPTION_VALUE,
                "bucket '%s' of %s does not exist".formatted(location.bucket(), location.uri()),
                e);
    }

    static StreamhouseException missing(S3Location location, String path) {
        return new StreamhouseException(
                ErrorCode.MISSING_FILE, "no object '%s' in %s".formatted(TableName.printable(path), location.uri()));
    }

    /** The length in the head of an answer. */
    static long length(S3Location location, String path, Long found) {
        if (found == null) {
            throw incomplete(location, path, "answers without the object's length");
        }
        return found;
    }

    /** An answer that lacks what every server that speaks S3 puts into it; a further try would not mend that. */
    static StreamhouseException incomplete(S3Location location, String path, String what) {
        return new StreamhouseException(
                ErrorCode.BAD_OPTION_VALUE,
                "what stands at 's3.endpoint' is no S3, or something between it and us changes its answers: it %s (%s%s)"
                        .formatted(what, location.uri(), path.isEmpty() ? "" : "/" + TableName.printable(path)));
    }

    /** An object that a request for many could not delete. */
    static IOException refused(S3Location location, String path, String code) {
        String object = location.uri() + "/" + TableName.printable(path);
        if (code.equals("AccessDenied")) {
            throw new StreamhouseException(ErrorCode.NO_PERMISSION, "not permitted to delete " + object);
        }
        return new IOException("%s was not deleted: %s".formatted(object, TableName.printable(code)));
    }

    private static String brief(Exception e) {
        String text = String.valueOf(e.getMessage());
        return TableName.printable(text.length() <= 200 ? text : text.substring(0, 200) + "…");
    }
}
