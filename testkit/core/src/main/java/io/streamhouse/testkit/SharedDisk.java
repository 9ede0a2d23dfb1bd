package io.streamhouse.testkit;

import io.streamhouse.storage.ForwardingObjectStore;
import io.streamhouse.storage.ObjectStore;
import io.streamhouse.storage.ObjectStores;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * A disk that processes share: what one of them has put without an answer the others see, and a loss of power takes it
 * unless somebody has made it lasting. One thread.
 */
public final class SharedDisk {
    /** Something is acknowledged, or relied on, because it was found. */
    public interface Story {
        void tell(SharedDisk disk) throws Exception;
    }

    private final ManualClock clock = ManualClock.atMillis(1_700_000_000_000L);
    private final ObjectStore seen = ObjectStores.memory(clock);
    private final UnsyncedObjectStore disk = new UnsyncedObjectStore(seen, path -> true, false);
    private final FaultyObjectStore connection = new FaultyObjectStore(disk, this::fault);
    private final List<String> madeLasting = new ArrayList<>();
    private final boolean isForgetful;
    private FaultPolicy faults = FaultPolicy.none();

    /**
     * A new disk.
     *
     * @param isForgetful whether it makes nothing lasting that it is asked to: the fault that a test has to notice
     */
    public SharedDisk(boolean isForgetful) {
        this.isForgetful = isForgetful;
    }

    /**
     * Tells a story twice, then the power is lost. Fails unless the object is there afterwards, and is not if the disk makes
     * nothing lasting.
     */
    public static void assertLasts(String path, Story story) throws Exception {
        for (boolean isForgetful : List.of(false, true)) {
            SharedDisk disk = new SharedDisk(isForgetful);
            story.tell(disk);
            if (disk.seen.size(path) < 0) {
                throw new AssertionError("nobody has put " + path);
            }
            disk.disk.losePower();
            boolean isThere = disk.seen.size(path) >= 0;
            if (isThere == isForgetful) {
                throw new AssertionError((isForgetful ? "not noticed: kept " : "lost ") + path);
            }
        }
    }

    public ManualClock clock() {
        return clock;
    }

    /** What can be seen; what is written to it directly stays. */
    public ObjectStore seen() {
        return seen;
    }

    /** The connection of another process. */
    public ObjectStore connect() {
        return new ForwardingObjectStore(connection.connect()) {
            @Override
            public void makeLasting(String directory) throws IOException {
                madeLasting.add(directory);
                if (!isForgetful) {
                    super.makeLasting(directory);
                }
            }
        };
    }

    private Optional<Fault> fault(StoreCall call, String path) {
        return faults.next(call, path);
    }

    /** What all connections meet from now on. */
    public void meet(FaultPolicy faults) {
        this.faults = faults;
    }

    /** The next put if absent whose path contains the text is done, and nobody hears of it. */
    public void loseAnswer(String pathPart, Fault how) {
        meet(FaultPolicy.at(1, StoreCall.PUT_IF_ABSENT, pathPart, how));
    }

    /** Objects that can be seen and are not sure to stay. */
    public Set<String> unsynced() {
        return disk.unsynced();
    }

    /** Directories that processes have asked to make lasting, one for each time. */
    public List<String> madeLasting() {
        return List.copyOf(madeLasting);
    }
}
