package io.streamhouse.cli.ops;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.PrintWriter;
import java.io.StringWriter;
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
}
