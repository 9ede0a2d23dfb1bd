package io.streamhouse.testkit.simulation;

import io.streamhouse.storage.ForwardingObjectStore;
import io.streamhouse.storage.ObjectOutput;
import io.streamhouse.storage.ObjectStore;
import io.streamhouse.storage.PutOutcome;
import io.streamhouse.testkit.ForwardingObjectOutput;
import io.streamhouse.testkit.simulation.CrashPoint.Call;
import io.streamhouse.testkit.simulation.CrashPoint.Phase;
import java.io.IOException;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;

/** Counts the crash points that a process passes, and lets it end at one of them. One process, any threads. */
final class CrashingObjectStore extends ForwardingObjectStore {
    private final String deadly;
    private final int occurrence;
    private final Consumer<String> death;
    private final Map<String, Integer> passed = new TreeMap<>();
    private volatile Phase phase = Phase.FENCE;

    /**
     * @param deadly name of the point with its side, or empty
     * @param occurrence which pass is the last one, from 1
     * @param death what happens then; does not return
     */
    CrashingObjectStore(ObjectStore store, String deadly, int occurrence, Consumer<String> death) {
        super(store);
        this.deadly = deadly;
        this.occurrence = occurrence;
        this.death = death;
    }

    void enter(Phase next) {
        phase = next;
    }

    /** How often each side of each point was passed. */
    Map<String, Integer> passed() {
        synchronized (passed) {
            return new TreeMap<>(passed);
        }
    }

    /** A change of the store. */
    private interface Change<T> {
        T run() throws IOException;
    }

    private <T> T change(Call call, String path, Change<T> change) throws IOException {
        pass(call, path, "before");
        T result = change.run();
        pass(call, path, "after");
        return result;
    }

    private void pass(Call call, String path, String side) {
        CrashPoint.of(phase, call, path).map(p -> p + "." + side).ifPresent(name -> {
            int times;
            synchronized (passed) {
                times = passed.merge(name, 1, Integer::sum);
            }
            if (name.equals(deadly) && times == occurrence) {
                death.accept(name);
            }
        });
    }

    @Override
    public void put(String path, byte[] bytes) throws IOException {
        change(Call.PUT, path, () -> {
            super.put(path, bytes);
            return null;
        });
    }

    @Override
    public PutOutcome putIfAbsent(String path, byte[] bytes) throws IOException {
        return change(Call.PUT_IF_ABSENT, path, () -> super.putIfAbsent(path, bytes));
    }

    @Override
    public boolean delete(String path) throws IOException {
        return change(Call.DELETE, path, () -> super.delete(path));
    }

    @Override
    public ObjectOutput create(String path) throws IOException {
        return new ForwardingObjectOutput(super.create(path)) {
            @Override
            public void commit() throws IOException {
                change(Call.WRITE, path, () -> {
                    super.commit();
                    return null;
                });
            }
        };
    }
}
