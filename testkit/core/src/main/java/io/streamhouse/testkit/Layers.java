package io.streamhouse.testkit;

import com.tngtech.archunit.core.domain.JavaClass;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * The modules by their root packages, and what each may import: only what stands below, never a neighbour.
 *
 * <p>A module here is a root package, so {@code testkit} and {@code testkit.simulation} are two.
 */
final class Layers {
    private static final Map<String, Set<String>> ALLOWED = new LinkedHashMap<>();

    static {
        Set<String> bytes = Set.of("spec", "storage", "columnar");
        Set<String> stores = plus(bytes, "lake", "log", "catalog");
        Set<String> tables = plus(stores, "write", "read", "compact");
        ALLOWED.put("spec", Set.of());
        ALLOWED.put("storage", Set.of("spec"));
        ALLOWED.put("columnar", Set.of("spec", "storage"));
        ALLOWED.put("storage.hadoop", Set.of("spec", "storage"));
        for (String module : Set.of("lake", "log", "catalog")) {
            ALLOWED.put(module, bytes);
        }
        for (String module : Set.of("write", "read", "compact")) {
            ALLOWED.put(module, stores);
        }
        ALLOWED.put("flink", tables);
        ALLOWED.put("testkit", Set.of("spec", "storage"));
        ALLOWED.put("testkit.simulation", plus(tables, "testkit"));
        ALLOWED.put("benchmarks", plus(tables, "flink", "testkit"));
        ALLOWED.put("cli", plus(tables, "flink", "testkit", "testkit.simulation", "benchmarks"));
    }

    /** Modules of which a simulation owns time, chance and threads. */
    private static final Set<String> CORE =
            Set.of("spec", "storage", "columnar", "lake", "log", "catalog", "write", "read", "compact");

    private final String basePackage;

    Layers(String basePackage) {
        this.basePackage = basePackage;
    }

    /** The module of a class, absent for what is not ours or stands in no known module. */
    Optional<String> moduleOf(JavaClass type) {
        return moduleOfPackage(type.getPackageName());
    }

    Optional<String> moduleOfPackage(String name) {
        if (!name.startsWith(basePackage + ".")) {
            return Optional.empty();
        }
        String below = name.substring(basePackage.length() + 1);
        return ALLOWED.keySet().stream()
                .filter(module -> below.equals(module) || below.startsWith(module + "."))
                .max((one, other) -> Integer.compare(one.length(), other.length()));
    }

    boolean isOurs(JavaClass type) {
        return type.getPackageName().equals(basePackage)
                || type.getPackageName().startsWith(basePackage + ".");
    }

    boolean mayImport(String module, String other) {
        return module.equals(other) || ALLOWED.get(module).contains(other);
    }

    Set<String> allowed(String module) {
        return new TreeSet<>(ALLOWED.get(module));
    }

    boolean isCore(String module) {
        return CORE.contains(module);
    }

    String rootPackage(String module) {
        return basePackage + "." + module;
    }

    private static Set<String> plus(Set<String> some, String... more) {
        Set<String> sum = new TreeSet<>(some);
        sum.addAll(Set.of(more));
        return Set.copyOf(sum);
    }
}
