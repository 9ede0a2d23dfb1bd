package io.streamhouse.spec.option;

import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * Options of a statement that writes. Keys: {@code sink.parallelism}, {@code commit.user}, {@code
 * commit.on-older-savepoint}, {@code write-only}.
 *
 * @param parallelism number of writers, if given
 * @param commitUser explicit commit user, if given
 * @param onOlderSavepoint what to do when the restored state is older than what its user committed
 * @param writeOnly whether a stream neither compacts nor expires anything
 */
public record SinkOptions(
        OptionalInt parallelism, Optional<String> commitUser, OlderSavepoint onOlderSavepoint, boolean writeOnly) {
    public static final SinkOptions DEFAULTS = parse(Map.of());

    /** Parses the options of this scope; those of others are ignored. Errors as {@link Options#check}. */
    public static SinkOptions parse(Map<String, String> options) {
        Optional<Integer> parallelism = Options.SINK_PARALLELISM.read(options);
        return new SinkOptions(
                parallelism.isPresent() ? OptionalInt.of(parallelism.get()) : OptionalInt.empty(),
                Options.COMMIT_USER.read(options),
                Options.value(Options.ON_OLDER_SAVEPOINT, options),
                Options.value(Options.WRITE_ONLY, options));
    }
}
