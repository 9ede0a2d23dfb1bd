package io.streamhouse.cli.ops;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class ProgressTest {
    private static String printed(boolean terminal) {
        StringWriter out = new StringWriter();
        Progress progress = new Progress(new PrintWriter(out), terminal);
        progress.say("one");
        progress.say("two");
        progress.clear();
        return out.toString();
    }

    @Test
    void linesStayWhereThereIsNoTerminal() {
        assertEquals("one%ntwo%n".formatted(), printed(false));
    }

    @Test
    void aTerminalShowsOneLineThatIsGoneAtTheEnd() {
        String erase = "\r\u001b[K";
        assertEquals(erase + "\u001b[?7lone\u001b[?7h" + erase + "\u001b[?7ltwo\u001b[?7h" + erase, printed(true));
    }

    @Test
    void aLongRunIsToldEveryTenSecondsWhereThereIsNoTerminal() {
        assertEquals(
                "20 of 50 steps, 2 a second%n40 of 50 steps, 2 a second%n50 steps in 25.0 s, 2 a second%n".formatted(),
                paced(false));
    }

    @Test
    void aTerminalShowsHowALongRunGoesMoreOften() {
        String out = paced(true);
        assertEquals(50, out.split("of 50 steps", -1).length - 1);
        assertTrue(out.endsWith("50 steps in 25.0 s, 2 a second%n".formatted()), out);
    }

    private static String paced(boolean terminal) {
        StringWriter out = new StringWriter();
        AtomicLong millis = new AtomicLong(3);
        Pace pace =
                new Pace(new Progress(new PrintWriter(out), terminal), () -> millis.get() * 1_000_000, "%s steps", 50);
        for (int i = 1; i <= 50; i++) {
            millis.addAndGet(500);
            pace.accept(i);
        }
        pace.end();
        return out.toString();
    }
}
