package io.streamhouse.testkit;

/** The process that held this store is dead; only a new connection goes on. */
public final class CrashedException extends InjectedException {
    private static final long serialVersionUID = 1L;

    CrashedException(StoreCall call, String path) {
        super("crashed: %s of '%s' by a process that is dead".formatted(call, path));
    }
}
