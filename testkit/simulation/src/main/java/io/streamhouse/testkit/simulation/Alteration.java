package io.streamhouse.testkit.simulation;

import io.streamhouse.spec.StreamhouseException;
import io.streamhouse.spec.option.Options;
import io.streamhouse.spec.option.TableOptions;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * A change of options that somebody asks for once.
 *
 * @param name of the alteration
 * @param sign one of the keys that are set; no other alteration of the history gives it this value
 * @param set values to be
 * @param remove keys to go
 */
record Alteration(String name, String sign, Map<String, String> set, Set<String> remove) {
    Alteration {
        set = new TreeMap<>(set);
        remove = new TreeSet<>(remove);
    }

    /** The options after it. */
    Map<String, String> on(Map<String, String> options) {
        Map<String, String> out = new TreeMap<>(options);
        out.putAll(set);
        out.keySet().removeAll(remove);
        return out;
    }

    /** Whether these are options that it may have made of others. */
    boolean signed(Map<String, String> options) {
        return set.get(sign).equals(options.get(sign));
    }

    /** Whether the table must refuse it while it has these options. */
    boolean isRefused(Map<String, String> options) {
        Map<String, String> after = on(options);
        if (Options.FIXED_KEYS.stream().anyMatch(key -> !Objects.equals(options.get(key), after.get(key)))) {
            return true;
        }
        try {
            Options.check(after);
            TableOptions.parse(after);
            return false;
        } catch (StreamhouseException e) {
            return true;
        }
    }

    @Override
    public String toString() {
        return name + " sets " + set + (remove.isEmpty() ? "" : ", removes " + remove);
    }
}
