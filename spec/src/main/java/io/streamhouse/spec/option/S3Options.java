package io.streamhouse.spec.option;

import io.streamhouse.spec.TableName;
import java.net.URI;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Options of a catalog whose warehouse is on S3. Keys: {@code s3.endpoint}, {@code s3.region}, {@code s3.access-key},
 * {@code s3.secret-key}, {@code s3.session-token}, {@code s3.path-style-access}.
 *
 * @param endpoint server other than AWS, if given
 * @param region region, if given
 * @param credentials keys, if given; otherwise those of the surroundings hold
 * @param pathStyle whether the bucket stands in the path
 */
public record S3Options(
        Optional<URI> endpoint, Optional<String> region, Optional<Credentials> credentials, boolean pathStyle) {
    private static final List<Option<?>> KNOWN = List.of(
            Options.S3_ENDPOINT,
            Options.S3_REGION,
            Options.S3_ACCESS_KEY,
            Options.S3_SECRET_KEY,
            Options.S3_SESSION_TOKEN,
            Options.S3_PATH_STYLE_ACCESS);

    /**
     * Keys to a store. Its text shows none of them.
     *
     * @param accessKey name of the key
     * @param secretKey what requests are signed with
     * @param sessionToken of temporary credentials
     */
    public record Credentials(String accessKey, String secretKey, Optional<String> sessionToken) {
        @Override
        public String toString() {
            return "Credentials(secret)";
        }
    }

    /** Parses options of a catalog; {@code UNKNOWN_OPTION} for what S3 has no use for, else as {@link Options#checkCatalog}. */
    public static S3Options parse(Map<String, String> options) {
        Options.checkCatalog(options);
        for (String key : options.keySet()) {
            if (KNOWN.stream().noneMatch(o -> o.key().equals(key))) {
                throw Options.unknown("option '%s' is not known to a warehouse on S3".formatted(TableName.shown(key)));
            }
        }
        Optional<URI> endpoint = Options.S3_ENDPOINT.read(options);
        return new S3Options(
                endpoint,
                Options.S3_REGION.read(options),
                credentials(options),
                Options.S3_PATH_STYLE_ACCESS.read(options).orElse(endpoint.isPresent()));
    }

    private static Optional<Credentials> credentials(Map<String, String> options) {
        Optional<String> accessKey = Options.S3_ACCESS_KEY.read(options);
        Optional<String> secretKey = Options.S3_SECRET_KEY.read(options);
        Optional<String> token = Options.S3_SESSION_TOKEN.read(options);
        if (accessKey.isEmpty() && secretKey.isEmpty() && token.isEmpty()) {
            return Optional.empty();
        }
        if (accessKey.isEmpty() || secretKey.isEmpty()) {
            throw Option.bad("'%s' and '%s' come together or not at all"
                    .formatted(Options.S3_ACCESS_KEY.key(), Options.S3_SECRET_KEY.key()));
        }
        return Optional.of(new Credentials(accessKey.get(), secretKey.get(), token));
    }
}
