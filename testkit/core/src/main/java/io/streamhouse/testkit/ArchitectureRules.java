package io.streamhouse.testkit;

import com.tngtech.archunit.core.domain.Dependency;
import com.tngtech.archunit.core.domain.JavaAccess;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaConstructorCall;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.lang.ConditionEvent;
import com.tngtech.archunit.lang.ConditionEvents;
import com.tngtech.archunit.lang.SimpleConditionEvent;
import com.tngtech.archunit.lang.syntax.ArchRuleDefinition;
import com.tngtech.archunit.library.dependencies.SliceAssignment;
import com.tngtech.archunit.library.dependencies.SliceIdentifier;
import com.tngtech.archunit.library.dependencies.SlicesRuleDefinition;
import io.streamhouse.spec.OpenPackage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.BiConsumer;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * The rules of the house that byte code can show; every module's {@code ArchitectureTest} is one call:
 *
 * <pre>{@code ArchitectureRules.check("io.streamhouse.catalog");}</pre>
 *
 * <p>Layers, doors only, no package cycles, time, chance and threads injected, engines at the rim, names, errors with a
 * code, and a {@code package-info.java} in every package.
 */
public final class ArchitectureRules {
    private static final String BASE_PACKAGE = "io.streamhouse";
    private static final Path SOURCES = Path.of("src", "main", "java");
    private static final Pattern EMPTY_NAME =
            Pattern.compile(".*(Utils?|Helpers?|Managers?|Impl)|(Abstract|Base)\\p{Lu}.*");
    private static final Set<String> NAMELESS_ERRORS =
            Set.of("java.lang.RuntimeException", "java.lang.Exception", "java.lang.Error", "java.lang.Throwable");

    private final JavaClasses classes;
    private final Layers layers;

    ArchitectureRules(JavaClasses classes, String basePackage) {
        this.classes = classes;
        this.layers = new Layers(basePackage);
    }

    /**
     * Checks the main classes below a module's root package against all rules, and the sources below
     * {@code src/main/java} of the working directory.
     *
     * @throws AssertionError naming every violation of the first rule that is broken
     */
    public static void check(String rootPackage) {
        ArchitectureRules rules = new ArchitectureRules(mainClasses(), BASE_PACKAGE);
        rules.checkAll(rootPackage);
        if (Files.isDirectory(SOURCES)) {
            checkPackagesAreDescribed(SOURCES);
        }
    }

    /** Checks that every directory with Java sources has a {@code package-info.java}. */
    public static void checkPackagesAreDescribed(Path sources) {
        try (Stream<Path> files = Files.walk(sources)) {
            Set<Path> missing = new TreeSet<>();
            files.filter(file -> file.toString().endsWith(".java"))
                    .map(Path::getParent)
                    .filter(directory -> !Files.exists(directory.resolve("package-info.java")))
                    .forEach(missing::add);
            if (!missing.isEmpty()) {
                throw new AssertionError("no package-info.java in " + missing);
            }
        } catch (IOException e) {
            throw new AssertionError("cannot read the sources in " + sources, e);
        }
    }

    /** The main classes of all our modules on the class path. */
    static JavaClasses mainClasses() {
        return new ClassFileImporter()
                .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
                .withImportOption(location -> !location.contains("-tests.jar"))
                .importPackages(BASE_PACKAGE);
    }

    void checkAll(String rootPackage) {
        List<JavaClass> checked = classes.stream().filter(isIn(rootPackage)).toList();
        if (checked.isEmpty()) {
            throw new AssertionError("no classes in " + rootPackage + " on the class path");
        }
        for (ArchRule rule : all(rootPackage)) {
            rule.check(classes);
        }
    }

    List<ArchRule> all(String rootPackage) {
        return List.of(
                layers(rootPackage),
                doorsOnly(rootPackage),
                noPackageCycles(rootPackage),
                injectedTimeChanceAndThreads(rootPackage),
                enginesAtTheRim(rootPackage),
                names(rootPackage),
                errorsHaveACode(rootPackage));
    }

    /** Imports go down, never to a neighbour. */
    ArchRule layers(String rootPackage) {
        return rule(rootPackage, "import only modules below their own", (type, events) -> {
            Optional<String> module = layers.moduleOf(type);
            if (module.isEmpty()) {
                events.add(violation(type, "%s is in no known module".formatted(type.getName())));
                return;
            }
            forEachImport(type, (dependency, target) -> {
                Optional<String> other = layers.moduleOf(target);
                if (other.isEmpty() || !layers.mayImport(module.get(), other.get())) {
                    events.add(violation(
                            type,
                            "%s may import %s only: %s"
                                    .formatted(
                                            module.get(), layers.allowed(module.get()), dependency.getDescription())));
                }
            });
        });
    }

    /** Of another module only the root package, and the child packages that it opens. */
    ArchRule doorsOnly(String rootPackage) {
        return rule(rootPackage, "use other modules through their doors", (type, events) -> {
            Optional<String> module = layers.moduleOf(type);
            forEachImport(type, (dependency, target) -> {
                Optional<String> other = layers.moduleOf(target);
                if (other.isPresent() && !other.equals(module)) {
                    boolean root = target.getPackageName().equals(layers.rootPackage(other.get()));
                    if (!root && !target.getPackage().isAnnotatedWith(OpenPackage.class)) {
                        events.add(violation(
                                type,
                                "package %s is private to its module: %s"
                                        .formatted(target.getPackageName(), dependency.getDescription())));
                    }
                }
            });
        });
    }

    /** Packages of a module depend on each other in one direction. */
    ArchRule noPackageCycles(String rootPackage) {
        SliceAssignment packages = new SliceAssignment() {
            @Override
            public String getDescription() {
                return "packages of " + rootPackage;
            }

            @Override
            public SliceIdentifier getIdentifierOf(JavaClass type) {
                return isIn(rootPackage).test(type)
                        ? SliceIdentifier.of(type.getPackageName())
                        : SliceIdentifier.ignore();
            }
        };
        return SlicesRuleDefinition.slices()
                .assignedFrom(packages)
                .namingSlices("$1")
                .should()
                .beFreeOfCycles()
                .allowEmptyShould(true);
    }

    /** Core modules get clock, ids, random and executor from {@code Components}, which alone may make the real ones. */
    ArchRule injectedTimeChanceAndThreads(String rootPackage) {
        return rule(rootPackage, "get time, chance and threads from Components", (type, events) -> {
            boolean exempt = type.getName().equals(layers.rootPackage("storage") + ".Components");
            if (exempt || !layers.moduleOf(type).map(layers::isCore).orElse(false)) {
                return;
            }
            for (JavaAccess<?> access : type.getAccessesFromSelf()) {
                if (Nondeterminism.is(access.getTarget())) {
                    events.add(violation(type, access.getDescription()));
                }
            }
        });
    }

    /** Flink's types are known to its adapter and to what stands above. */
    ArchRule enginesAtTheRim(String rootPackage) {
        Set<String> rim = Set.of("flink", "cli", "benchmarks", "testkit.simulation");
        return rule(rootPackage, "know no engine", (type, events) -> {
            if (layers.moduleOf(type).map(rim::contains).orElse(false)) {
                return;
            }
            for (Dependency dependency : type.getDirectDependenciesFromSelf()) {
                if (target(dependency).getPackageName().startsWith("org.apache.flink")) {
                    events.add(violation(type, dependency.getDescription()));
                }
            }
        });
    }

    /** Names say what a thing is. */
    ArchRule names(String rootPackage) {
        return rule(rootPackage, "have names that say something", (type, events) -> {
            if (EMPTY_NAME.matcher(type.getSimpleName()).matches()) {
                events.add(violation(type, "%s has a name that says nothing".formatted(type.getName())));
            }
        });
    }

    /** Nobody throws an exception of a type that says nothing. */
    ArchRule errorsHaveACode(String rootPackage) {
        return rule(rootPackage, "throw errors that a caller can tell apart", (type, events) -> {
            for (JavaConstructorCall call : type.getConstructorCallsFromSelf()) {
                boolean superCall = call.getOrigin().isConstructor() && type.isAssignableTo(Throwable.class);
                if (!superCall && NAMELESS_ERRORS.contains(call.getTargetOwner().getName())) {
                    events.add(violation(type, call.getDescription()));
                }
            }
        });
    }

    private ArchRule rule(String rootPackage, String what, BiConsumer<JavaClass, ConditionEvents> check) {
        ArchCondition<JavaClass> condition = new ArchCondition<>(what) {
            @Override
            public void check(JavaClass type, ConditionEvents events) {
                if (isIn(rootPackage).test(type)) {
                    check.accept(type, events);
                }
            }
        };
        return ArchRuleDefinition.classes().should(condition).as("classes in " + rootPackage + " should " + what);
    }

    // A module that stands below another one's root package is its own.
    private Predicate<JavaClass> isIn(String rootPackage) {
        Optional<String> module = layers.moduleOfPackage(rootPackage);
        return type -> {
            String name = type.getPackageName();
            boolean below = name.equals(rootPackage) || name.startsWith(rootPackage + ".");
            return below && layers.moduleOf(type).equals(module);
        };
    }

    private void forEachImport(JavaClass type, BiConsumer<Dependency, JavaClass> action) {
        for (Dependency dependency : type.getDirectDependenciesFromSelf()) {
            JavaClass target = target(dependency);
            if (layers.isOurs(target)) {
                action.accept(dependency, target);
            }
        }
    }

    private static JavaClass target(Dependency dependency) {
        return dependency.getTargetClass().getBaseComponentType();
    }

    private static ConditionEvent violation(JavaClass type, String message) {
        return SimpleConditionEvent.violated(type, message);
    }
}
