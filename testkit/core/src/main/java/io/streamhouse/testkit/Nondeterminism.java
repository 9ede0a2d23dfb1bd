package io.streamhouse.testkit;

import com.tngtech.archunit.core.domain.AccessTarget;
import com.tngtech.archunit.core.domain.AccessTarget.CodeUnitAccessTarget;
import com.tngtech.archunit.core.domain.JavaClass;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Executor;
import java.util.stream.BaseStream;

/** Calls that reach for time, chance or threads of their own, so that a simulation could not repeat a run. */
final class Nondeterminism {
    private static final String CONSTRUCTOR = "<init>";

    private static final Map<String, Set<String>> ALWAYS = Map.ofEntries(
            Map.entry("java.lang.System", Set.of("currentTimeMillis")),
            Map.entry("java.time.InstantSource", Set.of("system")),
            Map.entry("java.time.Clock", Set.of("system", "systemUTC", "systemDefaultZone", "tickMillis")),
            Map.entry("java.util.Calendar", Set.of("getInstance")),
            Map.entry("java.lang.Thread", Set.of("sleep")),
            Map.entry("java.util.concurrent.TimeUnit", Set.of("sleep")),
            Map.entry("java.util.concurrent.locks.LockSupport", Set.of("parkNanos", "parkUntil")),
            Map.entry("java.util.UUID", Set.of("randomUUID")),
            Map.entry("java.lang.Math", Set.of("random")),
            Map.entry("java.util.concurrent.ThreadLocalRandom", Set.of("current")),
            Map.entry("java.security.SecureRandom", Set.of(CONSTRUCTOR, "getInstanceStrong")),
            Map.entry("java.util.random.RandomGenerator", Set.of("getDefault", "of")),
            Map.entry("java.util.concurrent.ForkJoinPool", Set.of("commonPool")),
            Map.entry("java.util.Arrays", Set.of("parallelSort", "parallelPrefix", "parallelSetAll")));

    /** Constructors that take their seed or time from the surroundings if none is given. */
    private static final Set<String> SEEDED =
            Set.of("java.util.Random", "java.util.SplittableRandom", "java.util.Date", "java.util.GregorianCalendar");

    private Nondeterminism() {}

    static boolean is(AccessTarget target) {
        String owner = target.getOwner().getName();
        String name = target.getName();
        if (ALWAYS.getOrDefault(owner, Set.of()).contains(name)) {
            return true;
        }
        if (!(target instanceof CodeUnitAccessTarget call)) {
            return false;
        }
        boolean bare = call.getRawParameterTypes().isEmpty();
        if (name.equals(CONSTRUCTOR)) {
            return bare && SEEDED.contains(owner);
        }
        if (owner.startsWith("java.time.") && name.equals("now")) {
            return lacks(call, "java.time.Clock");
        }
        if (owner.startsWith("java.util.concurrent.Completable") && name.endsWith("Async")) {
            return lacks(call, Executor.class.getName());
        }
        // By name for collections, whose static type can be any of theirs.
        boolean parallelStream = name.equals("parallelStream") && bare;
        return parallelStream
                || name.equals("parallel") && bare && target.getOwner().isAssignableTo(BaseStream.class);
    }

    private static boolean lacks(CodeUnitAccessTarget call, String parameterType) {
        return call.getRawParameterTypes().stream().map(JavaClass::getName).noneMatch(parameterType::equals);
    }
}
