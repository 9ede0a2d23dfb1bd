package io.streamhouse.storage.s3;

import io.streamhouse.spec.ErrorCode;
import io.streamhouse.spec.StreamhouseException;
import io.streamhouse.spec.option.S3Options;
import java.time.Duration;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.AwsCredentials;
import software.amazon.awssdk.auth.credentials.AwsSessionCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.awscore.retry.AwsRetryStrategy;
import software.amazon.awssdk.core.checksums.RequestChecksumCalculation;
import software.amazon.awssdk.core.checksums.ResponseChecksumValidation;
import software.amazon.awssdk.core.exception.SdkClientException;
import software.amazon.awssdk.http.apache5.Apache5HttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.S3ClientBuilder;

/** The SDK's client, made at the first call: to find a region it may ask the machine that it runs on. Thread-safe. */
final class S3Connection implements AutoCloseable {
    private static final Duration CONNECT = Duration.ofSeconds(10);
    /** Longest silence on a connection. */
    private static final Duration SILENCE = Duration.ofSeconds(30);
    /** Longest try of one request, a part of 8 MiB at 70 KB/s. */
    private static final Duration TRY = Duration.ofMinutes(2);

    private static final int MAX_CONNECTIONS = 64;

    private final S3Location location;
    private final S3Options options;
    private S3Client client;
    private boolean closed;

    S3Connection(S3Location location, S3Options options) {
        this.location = location;
        this.options = options;
    }

    synchronized S3Client client() {
        if (closed) {
            throw new IllegalStateException(location.uri() + " is closed");
        }
        if (client == null) {
            client = connect();
        }
        return client;
    }

    private S3Client connect() {
        S3ClientBuilder builder = S3Client.builder()
                .httpClientBuilder(Apache5HttpClient.builder()
                        .maxConnections(MAX_CONNECTIONS)
                        .connectionTimeout(CONNECT)
                        .socketTimeout(SILENCE))
                // Tries again are ours: of a commit there are none.
                .overrideConfiguration(
                        o -> o.retryStrategy(AwsRetryStrategy.doNotRetry()).apiCallAttemptTimeout(TRY))
                // Our files carry their own checksums, and not every server knows those of the SDK.
                .requestChecksumCalculation(RequestChecksumCalculation.WHEN_REQUIRED)
                .responseChecksumValidation(ResponseChecksumValidation.WHEN_REQUIRED)
                .forcePathStyle(options.pathStyle());
        options.endpoint().ifPresent(builder::endpointOverride);
        options.region()
                .or(() -> options.endpoint().map(e -> Region.US_EAST_1.id()))
                .ifPresent(r -> builder.region(Region.of(r)));
        options.credentials().ifPresent(c -> builder.credentialsProvider(StaticCredentialsProvider.create(keys(c))));
        try {
            return builder.build();
        } catch (SdkClientException e) {
            if (options.region().isEmpty() && options.endpoint().isEmpty()) {
                throw new StreamhouseException(
                        ErrorCode.BAD_OPTION_VALUE,
                        ("no region is known for %s: set option 's3.region', for instance 's3.region' = 'eu-central-1', or AWS_REGION"
                                        + " in the environment of every process; for a server that is not AWS set 's3.endpoint'")
                                .formatted(location.uri()),
                        e);
            }
            throw new StreamhouseException(
                    ErrorCode.BAD_OPTION_VALUE,
                    "cannot connect to %s: %s; 's3.region' and 's3.endpoint' say where it is"
                            .formatted(location.uri(), e.getMessage()),
                    e);
        }
    }

    private static AwsCredentials keys(S3Options.Credentials given) {
        return given.sessionToken()
                .<AwsCredentials>map(t -> AwsSessionCredentials.create(given.accessKey(), given.secretKey(), t))
                .orElseGet(() -> AwsBasicCredentials.create(given.accessKey(), given.secretKey()));
    }

    @Override
    public synchronized void close() {
        closed = true;
        if (client != null) {
            client.close();
        }
    }
}
