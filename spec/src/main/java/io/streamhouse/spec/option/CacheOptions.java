package io.streamhouse.spec.option;

import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * Options of what a catalog keeps of a far store. Keys: {@code cache.memory-size}, {@code cache.directory}, {@code
 * cache.disk-size}.
 *
 * @param memory bound of what is kept in memory, 0 for nothing
 * @param directory of a local disk where more is kept, if given
 * @param disk bound of what one catalog keeps there
 */
public record CacheOptions(DataSize memory, Optional<Path> directory, DataSize disk) {
    /** Parses the options of this family; errors as {@link Options#checkCatalog}. */
    public static CacheOptions parse(Map<String, String> options) {
        Optional<String> directory = Options.CACHE_DIRECTORY.read(options);
        try {
            return new CacheOptions(
                    Options.value(Options.CACHE_MEMORY_SIZE, options),
                    directory.map(Path::of),
                    Options.value(Options.CACHE_DISK_SIZE, options));
        } catch (InvalidPathException e) {
            throw Option.bad("'%s' is no path: %s".formatted(Options.CACHE_DIRECTORY.key(), e.getReason()));
        }
    }

    /** The options that are left for the store itself. */
    public static Map<String, String> others(Map<String, String> options) {
        Map<String, String> out = new HashMap<>(options);
        out.remove(Options.CACHE_MEMORY_SIZE.key());
        out.remove(Options.CACHE_DIRECTORY.key());
        out.remove(Options.CACHE_DISK_SIZE.key());
        return out;
    }
}
