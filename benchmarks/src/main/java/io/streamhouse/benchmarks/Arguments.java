package io.streamhouse.benchmarks;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Arguments of a suite: {@code --name value} pairs of known names. */
final class Arguments {
    private final Map<String, String> given = new HashMap<>();

    /**
     * @throws IllegalArgumentException naming an argument that the suite does not know, or one without a value
     */
    Arguments(List<String> arguments, List<String> known) {
        for (int i = 0; i < arguments.size(); i += 2) {
            String name = arguments.get(i);
            if (!known.contains(name)) {
                throw new IllegalArgumentException("'%s' is none of %s".formatted(name, String.join(", ", known)));
            }
            if (i + 1 == arguments.size()) {
                throw new IllegalArgumentException("'%s' has no value".formatted(name));
            }
            given.put(name, arguments.get(i + 1));
        }
    }

    long number(String name, long otherwise) {
        String value = given.get(name);
        if (value == null) {
            return otherwise;
        }
        try {
            return Long.parseLong(value.replace("_", ""));
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException("'%s' of '%s' is not a whole number".formatted(value, name), e);
        }
    }

    Optional<String> text(String name) {
        return Optional.ofNullable(given.get(name));
    }
}
