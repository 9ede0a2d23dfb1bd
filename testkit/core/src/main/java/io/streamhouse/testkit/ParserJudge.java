package io.streamhouse.testkit;

import com.sun.management.ThreadMXBean;
import io.streamhouse.spec.ErrorCode;
import io.streamhouse.spec.StreamhouseException;
import java.io.IOException;
import java.lang.management.ManagementFactory;

/** Holds what a parser does with any bytes against what it may do. */
public final class ParserJudge {
    /** What any parse may allocate. */
    private static final long FREE_BYTES = 1 << 20;

    private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

    private ParserJudge() {}

    /** Reads bytes that anybody may have written. */
    @FunctionalInterface
    public interface Parser {
        void parse() throws IOException;
    }

    /**
     * Runs a parser: it must return, or throw {@code CORRUPT_FILE} or {@code UNKNOWN_VERSION} naming the object. Every
     * other error is passed on.
     *
     * @param object what the error has to name
     * @param length bytes of the input
     * @param factor bytes that the parser may allocate for each of them
     */
    public static void judge(String object, int length, int factor, Parser parser) throws IOException {
        long allowed = FREE_BYTES + (long) length * factor;
        long allocated = allocated(object, parser);
        if (allocated > allowed) {
            allocated = allocated(object, parser); // the first time classes were loaded
        }
        if (allocated > allowed) {
            throw new AssertionError("%d bytes allocated for %d bytes of %s".formatted(allocated, length, object));
        }
    }

    private static long allocated(String object, Parser parser) throws IOException {
        long before = THREADS.getCurrentThreadAllocatedBytes();
        try {
            parser.parse();
        } catch (StreamhouseException e) {
            boolean typed = e.code() == ErrorCode.CORRUPT_FILE || e.code() == ErrorCode.UNKNOWN_VERSION;
            if (!typed || !e.getMessage().contains(object)) {
                throw new AssertionError("'%s' is no error of %s".formatted(e.getMessage(), object), e);
            }
        }
        return THREADS.getCurrentThreadAllocatedBytes() - before;
    }
}
