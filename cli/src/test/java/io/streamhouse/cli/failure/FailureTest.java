package io.streamhouse.cli.failure;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.streamhouse.spec.ErrorCode;
import io.streamhouse.spec.StreamhouseException;
import java.io.FileNotFoundException;
import java.io.UncheckedIOException;
import org.apache.flink.table.api.ValidationException;
import org.apache.flink.util.SerializedThrowable;
import org.junit.jupiter.api.Test;

class FailureTest {
    private static final StreamhouseException OURS =
            new StreamhouseException(ErrorCode.TABLE_NOT_FOUND, "table shop.orders does not exist");

    @Test
    void ourErrorIsFoundAnywhereInTheChain() {
        Throwable wrapped = new IllegalStateException("outer", new ValidationException("middle", OURS));
        assertEquals(
                "error TABLE_NOT_FOUND: table shop.orders does not exist",
                Failure.of(wrapped).line());
    }

    @Test
    void ourErrorIsFoundWhenItTravelledAsText() {
        Throwable text = new IllegalStateException("x", new ValidationException("job: " + OURS.getMessage()));
        assertEquals("TABLE_NOT_FOUND", Failure.of(text).code());
        Throwable serialized = new IllegalStateException("x", new SerializedThrowable(OURS));
        assertEquals("table shop.orders does not exist", Failure.of(serialized).message());
    }

    @Test
    void wordsInCapitalsAreNoCodes() {
        assertEquals("SQL", Failure.of(new ValidationException("NOT_A_CODE: x")).code());
    }

    @Test
    void othersErrorsShowTheirInnermostMessageOnOneLine() {
        Throwable error = new IllegalStateException("outer", new ValidationException("first\n  second"));
        assertEquals("error SQL: first second", Failure.of(error).line());
        assertEquals(
                "error IO: no such file",
                Failure.of(new UncheckedIOException("x", new FileNotFoundException("no such file")))
                        .line());
        assertEquals(
                "error INTERNAL: NullPointerException",
                Failure.of(new NullPointerException()).line());
    }

    @Test
    void thePlaceInAScriptComesFirst() {
        assertEquals(
                "error TABLE_NOT_FOUND: statement 3 at line 17: table shop.orders does not exist",
                Failure.of(new ScriptException(3, 17, OURS)).line());
        assertEquals(
                "error SQL: line 4: string is not closed",
                Failure.of(new ScriptException(4, "string is not closed")).line());
    }

    @Test
    void onlyTheCommandLinesOwnRefusalIsAUsageError() {
        assertEquals("error USAGE: bad", Failure.of(new UsageException("bad")).line());
        assertEquals("INTERNAL", Failure.of(new IllegalArgumentException("bad")).code());
        Throwable inner = new IllegalStateException("outer", new IllegalArgumentException("bad"));
        assertEquals("error INTERNAL: bad", Failure.of(inner).line());
        assertEquals(
                "INTERNAL",
                Failure.of(new IllegalStateException("x", new UsageException("y")))
                        .code());
    }
}
