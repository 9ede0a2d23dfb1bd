package io.streamhouse.testkit.simulation.damage;

import com.sun.management.ThreadMXBean;
import io.streamhouse.spec.ErrorCode;
import io.streamhouse.spec.StreamhouseException;
import io.streamhouse.storage.ObjectStore;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** Asks one query through one harmed store and says what came of it. Keeps a thread; close it. */
final class Examiner implements AutoCloseable {
    private static final Set<ErrorCode> DAMAGE =
            EnumSet.of(ErrorCode.CORRUPT_FILE, ErrorCode.MISSING_FILE, ErrorCode.UNKNOWN_VERSION);
    /** What damage may make a query allocate beside what it allocates anyway. */
    static final long EXTRA_BYTES = 48L << 20;

    /** A thread that does nothing for so long hangs as well as one that does too much. */
    private static final int IDLE_ROUNDS = 12;

    private final Duration patience;
    private volatile long examinedThread;
    private ExecutorService thread = thread();
    private volatile long cpuBefore;
    private volatile long allocated;

    /** What may come of a case; everything but the first two is wrong. */
    enum Outcome {
        RIGHT,
        REFUSED,
        WRONG_ANSWER,
        UNTYPED_ERROR,
        UNNAMED_FILE,
        HANG,
        TOO_MUCH_MEMORY;

        boolean isWrong() {
            return this != RIGHT && this != REFUSED;
        }
    }

    /**
     * What came of a case.
     *
     * @param outcome in a word
     * @param detail the error, or what else is to be said
     */
    record Verdict(Outcome outcome, String detail) {}

    Examiner(Duration patience) {
        this.patience = patience;
    }

    private static ExecutorService thread() {
        return Executors.newSingleThreadExecutor(work -> {
            Thread t = new Thread(work, "examined");
            t.setDaemon(true);
            return t;
        });
    }

    /** Bytes that the last query allocated. */
    long allocated() {
        return allocated;
    }

    /** The answer to an unharmed table. */
    Object answer(Query query, LayeredObjectStore store) throws IOException {
        try {
            return ask(query, store).get();
        } catch (InterruptedException | ExecutionException e) {
            throw new IOException(query.name() + " fails without harm", e);
        }
    }

    Verdict examine(Query query, ObjectStore whole, Subject subject, byte[] harmed, Object right, long usualBytes)
            throws IOException {
        LayeredObjectStore store = new LayeredObjectStore(whole);
        store.put(subject.path(), harmed);
        Future<Object> answer = ask(query, store);
        Verdict verdict = verdict(answer, subject, right);
        return verdict.outcome.isWrong() || allocated <= usualBytes + EXTRA_BYTES
                ? verdict
                : new Verdict(Outcome.TOO_MUCH_MEMORY, allocated + " bytes allocated, then " + verdict.detail);
    }

    private Verdict verdict(Future<Object> answer, Subject subject, Object right) {
        try {
            Object given = await(answer);
            return given.equals(right)
                    ? new Verdict(Outcome.RIGHT, "")
                    : new Verdict(Outcome.WRONG_ANSWER, shortened(given) + " instead of " + shortened(right));
        } catch (ExecutionException e) {
            return refused(e.getCause(), subject);
        } catch (TimeoutException e) {
            thread.shutdownNow();
            thread = thread();
            return new Verdict(Outcome.HANG, "no answer within " + patience);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return new Verdict(Outcome.HANG, "interrupted");
        }
    }

    /** Waits as long as the query may work; on a machine that is busy otherwise it may take longer by the clock. */
    private Object await(Future<Object> answer) throws InterruptedException, ExecutionException, TimeoutException {
        for (int round = 1; ; round++) {
            try {
                return answer.get(patience.toMillis(), TimeUnit.MILLISECONDS);
            } catch (TimeoutException e) {
                long worked = examinedThread == 0
                        ? 0 // not even begun
                        : ManagementFactory.getThreadMXBean().getThreadCpuTime(examinedThread) - cpuBefore;
                if (worked >= patience.toNanos() || round == IDLE_ROUNDS) {
                    throw e;
                }
            }
        }
    }

    private static Verdict refused(Throwable error, Subject subject) {
        if (error instanceof StreamhouseException e && DAMAGE.contains(e.code())) {
            boolean named = e.getMessage().contains(subject.name());
            return new Verdict(named ? Outcome.REFUSED : Outcome.UNNAMED_FILE, e.getMessage());
        }
        String where = Arrays.stream(error.getStackTrace()).limit(6).toList().toString();
        return new Verdict(Outcome.UNTYPED_ERROR, error + " " + where);
    }

    private static String shortened(Object answer) {
        String text = String.valueOf(answer);
        return text.length() <= 200 ? text : text.substring(0, 200) + "…";
    }

    private Future<Object> ask(Query query, LayeredObjectStore store) {
        return thread.submit(() -> {
            ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
            examinedThread = Thread.currentThread().getId();
            cpuBefore = threads.getCurrentThreadCpuTime();
            long before = threads.getCurrentThreadAllocatedBytes();
            try {
                return query.ask().through(store);
            } finally {
                allocated = threads.getCurrentThreadAllocatedBytes() - before;
            }
        });
    }

    @Override
    public void close() {
        thread.shutdownNow();
    }
}
